//! Decoders: what was written is read back, and no bytes make them panic or take more than is there.

use dimse::Status;
use dimse::command::CommandSet;
use dimse::pdu::{
    Abort, AssociateAc, AssociateRq, ContextResult, Header, PdvHeader, ProposedContext, Reject,
    RoleSelection, TitleField, UserIdentity, UserInformation, write_command,
};
use model::{Redacted, Uid};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn uid() -> impl Strategy<Value = Uid> {
    "[0-2](\\.[1-9][0-9]{0,5}){1,8}".prop_map(|text| Uid::new(&text).unwrap())
}

fn user_information() -> impl Strategy<Value = UserInformation> {
    let role = (uid(), any::<bool>(), any::<bool>()).prop_map(|(sop_class, scu, scp)| RoleSelection {
        sop_class,
        scu,
        scp,
    });
    let identity = (
        1u8..6,
        any::<bool>(),
        vec(any::<u8>(), 0..40),
        vec(any::<u8>(), 0..40),
    )
        .prop_map(|(kind, response_requested, primary, secondary)| UserIdentity {
            kind,
            response_requested,
            primary: Redacted::new(primary),
            secondary: Redacted::new(secondary),
        });
    (
        option::of(any::<u32>()),
        option::of(uid()),
        option::of("[A-Z0-9_]{1,16}"),
        option::of(any::<(u16, u16)>()),
        vec(role, 0..4),
        option::of(identity),
        option::of(vec(any::<u8>(), 0..40)),
    )
        .prop_map(
            |(max_pdu, class, name, asynchronous_operations, roles, identity, identity_response)| {
                UserInformation {
                    max_pdu,
                    implementation_class_uid: class,
                    implementation_version_name: name,
                    asynchronous_operations,
                    roles,
                    identity,
                    identity_response,
                }
            },
        )
}

prop_compose! {
    fn associate_rq()(
        protocol_version in any::<u16>(),
        called in any::<[u8; 16]>(),
        calling in any::<[u8; 16]>(),
        application_context in option::of(uid()),
        contexts in vec((option::of(uid()), vec(uid(), 0..5)), 0..128),
        user in user_information(),
    ) -> AssociateRq {
        let ids = (1..=u8::MAX).step_by(2);
        let contexts = ids.zip(contexts).map(|(id, (abstract_syntax, transfer_syntaxes))| {
            ProposedContext { id, abstract_syntax, transfer_syntaxes }
        }).collect();
        AssociateRq {
            protocol_version,
            called: TitleField(called),
            calling: TitleField(calling),
            application_context,
            contexts,
            user,
        }
    }
}

prop_compose! {
    fn associate_ac()(
        called in any::<[u8; 16]>(),
        contexts in vec((any::<u8>(), 0u8..5, option::of(uid())), 0..128),
        user in user_information(),
    ) -> AssociateAc {
        let contexts = contexts.into_iter().map(|(id, result, transfer_syntax)| {
            ContextResult { id, result, transfer_syntax }
        }).collect();
        AssociateAc { called: TitleField(called), calling: TitleField(called), contexts, user }
    }
}

prop_compose! {
    fn command_set()(
        affected_sop_class in option::of(uid()),
        command_field in any::<u16>(),
        (message_id, responded_to, priority) in any::<(Option<u16>, Option<u16>, Option<u16>)>(),
        data_set in any::<bool>(),
        status in option::of(any::<u16>().prop_map(Status)),
        error_comment in option::of("[a-z]([a-z ]{0,62}[a-z])?"),
        affected_sop_instance in option::of(uid()),
        (requested_sop_class, requested_sop_instance) in (option::of(uid()), option::of(uid())),
        (event_type, action_type) in any::<(Option<u16>, Option<u16>)>(),
    ) -> CommandSet {
        CommandSet {
            affected_sop_class, command_field, message_id, responded_to, priority, data_set, status, error_comment,
            affected_sop_instance, requested_sop_class, requested_sop_instance, event_type, action_type,
        }
    }
}

proptest! {
    #[test]
    fn a_request_is_read_back(rq in associate_rq()) {
        let bytes = rq.encode().unwrap();
        let header = Header::decode(&bytes).unwrap();
        prop_assert_eq!((header.kind, header.length as usize), (1, bytes.len() - Header::LEN));
        prop_assert_eq!(AssociateRq::decode(&bytes[Header::LEN..]).unwrap(), rq);
    }

    #[test]
    fn an_acceptance_is_read_back(ac in associate_ac()) {
        let bytes = ac.encode().unwrap();
        prop_assert_eq!(AssociateAc::decode(&bytes[Header::LEN..]).unwrap(), ac);
    }

    #[test]
    fn a_command_set_is_read_back(command in command_set()) {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        prop_assert_eq!(CommandSet::decode(&bytes).unwrap(), command);
    }

    #[test]
    fn a_command_survives_its_fragments(bytes in vec(any::<u8>(), 1..600), max_pdu in 7u32..700) {
        let mut out = Vec::new();
        write_command(&mut out, 5, &bytes, max_pdu);
        let (mut rest, mut joined, mut ends) = (&out[..], Vec::new(), 0);
        while !rest.is_empty() {
            let header = Header::decode(rest).unwrap();
            prop_assert!(header.length <= max_pdu);
            let (body, tail) = rest[Header::LEN..].split_at(header.length as usize);
            let pdv = PdvHeader::decode(body, header.length).unwrap();
            prop_assert!(pdv.command && pdv.context == 5);
            ends += usize::from(pdv.last);
            joined.extend_from_slice(&body[PdvHeader::LEN..]);
            rest = tail;
        }
        prop_assert_eq!((joined, ends), (bytes, 1));
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(bytes in vec(any::<u8>(), 0..2000), left in any::<u32>()) {
        let _ = AssociateRq::decode(&bytes);
        let _ = AssociateAc::decode(&bytes);
        let _ = CommandSet::decode(&bytes);
        let _ = Reject::decode(&bytes);
        let _ = Abort::decode(&bytes);
        let _ = Header::decode(&bytes);
        if let Ok(pdv) = PdvHeader::decode(&bytes, left) {
            prop_assert!(pdv.fragment <= left);
        }
    }

    #[test]
    fn a_damaged_request_is_read_or_refused(rq in associate_rq(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = rq.encode().unwrap().split_off(Header::LEN);
        let position = at.index(bytes.len());
        bytes[position] = byte;
        let _ = AssociateRq::decode(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ = AssociateRq::decode(&bytes);
    }

    #[test]
    fn a_damaged_command_set_is_read_or_refused(command in command_set(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        let position = at.index(bytes.len());
        bytes[position] = byte;
        let _ = CommandSet::decode(&bytes);
    }
}

#[test]
fn a_published_echo_request_is_read() {
    // C-ECHO-RQ as DCMTK's echoscu sends it.
    let bytes: Vec<u8> = [
        &[0, 0, 0, 0, 4, 0, 0, 0, 56, 0, 0, 0][..],
        &[0, 0, 2, 0, 18, 0, 0, 0],
        b"1.2.840.10008.1.1\0",
        &[0, 0, 0, 1, 2, 0, 0, 0, 0x30, 0],
        &[0, 0, 0x10, 1, 2, 0, 0, 0, 1, 0],
        &[0, 0, 0, 8, 2, 0, 0, 0, 1, 1],
    ]
    .concat();
    assert_eq!(CommandSet::decode(&bytes).unwrap(), CommandSet::echo_rq(1));
    let mut written = Vec::new();
    CommandSet::echo_rq(1).encode(&mut written);
    assert_eq!(written, bytes);
}
