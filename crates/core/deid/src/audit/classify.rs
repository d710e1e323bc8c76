//! What an attribute of the input holds, as far as the audit is concerned: by its VR and its name in the standard.

use super::Kept;
use dicom::{Tag, Vr};

/// What to make of an attribute's value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Sort {
    /// A person's name; of the patient or of someone else.
    Name { patient: bool },
    /// A number or code that stands for someone or something.
    Identifier,
    /// A date; of birth or of something else.
    Date { birth: bool },
    /// A UID of an instance, not of a class or code.
    Uid,
    /// Institution, department, station, address, place of residence.
    Place,
    /// Telephone, e-mail, URL.
    Contact,
    /// Text in which identifiers may stand.
    FreeText,
    /// The profile keeps it: values equal to it do not count.
    Exempt,
    /// Nothing that identifies.
    Nothing,
}

/// Sorts an attribute of the data set or of the file meta information.
pub(super) fn sort(tag: Tag, vr: Vr, kept: Kept) -> Sort {
    let creator = tag.is_private() && (0x10..=0xFF).contains(&tag.element());
    if tag.is_group_length() || creator || !vr.is_text() {
        return Sort::Nothing;
    }
    let name = dicom::keyword(tag).unwrap_or_default();
    let device = is_device(name);
    if (kept.institution && is_institution(name)) || (kept.device && device && vr != Vr::PN) {
        return Sort::Exempt;
    }
    match &vr.0 {
        b"PN" => Sort::Name {
            patient: tag.group() == 0x0010,
        },
        b"DA" | b"DT" => {
            let birth = name.contains("Birth");
            if kept.full_dates && !birth {
                Sort::Exempt
            } else {
                Sort::Date { birth }
            }
        }
        b"UI" if kept.uids || is_class(tag, name) => Sort::Exempt,
        b"UI" => Sort::Uid,
        b"UR" => Sort::Contact,
        b"AE" => Sort::Place,
        b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"CS" => text(tag, vr, name),
        _ => Sort::Nothing,
    }
}

fn text(tag: Tag, vr: Vr, name: &str) -> Sort {
    let short = matches!(&vr.0, b"LO" | b"SH" | b"UC" | b"ST")
        || vr.0 == *b"CS" && matches!(tag.group(), 0x0004 | 0x0010);
    if is_technical(tag, name) {
        return Sort::Nothing;
    }
    if names_a_part(tag, name) {
        return if vr.0 == *b"CS" {
            Sort::Nothing
        } else {
            Sort::FreeText
        };
    }
    if vr.0 != *b"CS" {
        if ["Telephone", "Email", "Telecom", "Fax", "URL", "URI"]
            .iter()
            .any(|word| name.contains(word))
        {
            return Sort::Contact;
        }
        let places = [
            "Address",
            "Institution",
            "StationName",
            "DepartmentName",
            "Organization",
            "Location",
            "Residence",
            "SiteName",
            "MachineName",
            "SponsorName",
            "Ward",
        ];
        if places.iter().any(|word| name.contains(word)) {
            return Sort::Place;
        }
    }
    let numbers = [
        "ID",
        "IDs",
        "IDS",
        "Identifier",
        "SerialNumber",
        "AccessionNumber",
        "Identification",
    ];
    if short && (numbers.iter().any(|end| name.ends_with(end)) || is_numbered(name)) {
        return Sort::Identifier;
    }
    if vr.0 == *b"CS" {
        Sort::Nothing
    } else {
        Sort::FreeText
    }
}

fn is_numbered(name: &str) -> bool {
    [
        "OrderNumber",
        "PatientID",
        "MedicalRecordLocator",
        "PersonIdentification",
        "IssuerOf",
    ]
    .iter()
    .any(|word| name.contains(word))
}

fn is_institution(name: &str) -> bool {
    [
        "InstitutionName",
        "InstitutionAddress",
        "InstitutionalDepartmentName",
        "VerifyingOrganization",
    ]
    .contains(&name)
}

fn is_device(name: &str) -> bool {
    [
        "Device",
        "Station",
        "Detector",
        "PlateID",
        "CassetteID",
        "GantryID",
        "GeneratorID",
        "MachineName",
        "SerialNumber",
        "LensID",
    ]
    .iter()
    .any(|word| name.contains(word))
}

/// UIDs that name a class, a code or a program: equal in everyone's objects.
fn is_class(tag: Tag, name: &str) -> bool {
    name.contains("ClassUID")
        || name.contains("Class") && name.contains("UID")
        || name.contains("TransferSyntaxUID")
        || name.contains("CodingSchemeUID")
        || name.starts_with("Context")
        || name.starts_with("Mapping")
        || name.contains("ApplicationHostingUID")
        || tag == Tag(0x0002, 0x0012)
        || tag == Tag(0x0008, 0x0015)
}

/// Codes, versions and terms: their digits mean something else.
fn is_technical(tag: Tag, name: &str) -> bool {
    (tag.group() == 0x0008 && (0x0100..=0x0124).contains(&tag.element()))
        || tag.group() == 0x0028
        || matches!(
            tag,
            Tag(0x0008, 0x0005 | 0x0070 | 0x1090 | 0x0008 | 0x0060)
                | Tag(0x0012, 0x0063)
                | Tag(0x0040, 0xDB00)
                | Tag(0x0002, _)
        )
        || [
            "Version",
            "ContextIdentifier",
            "CodeValue",
            "Manufacturer",
            "Kernel",
            "ModelName",
            "CodingScheme",
            "Trial",
        ]
        .iter()
        .any(|word| name.contains(word))
            && !name.contains("Subject")
            && !name.contains("Site")
            && !name.contains("Sponsor")
        || [
            "PositionID",
            "GridID",
            "MACCalculation",
            "SegmentedPropertyType",
            "EntityIDType",
            "IdentifierType",
            "IDType",
            "TypeOfPatientID",
        ]
        .iter()
        .any(|word| name.contains(word))
}

/// Attributes in which an ID names a part of this object or an accessory: a stack of frames, an optical path, a wedge;
/// and those in which a location is one of the body.
fn names_a_part(tag: Tag, name: &str) -> bool {
    let group = matches!(
        tag.group(),
        0x0048 | 0x0054 | 0x006A | 0x0070 | 0x0082 | 0x2010 | 0x2020 | 0x300A | 0x3002
    );
    let elsewhere =
        tag == Tag(0x0020, 0x9056) || name.contains("Anatomic") || name.contains("ReferenceLocation");
    (group && !name.contains("SerialNumber") && !name.contains("MachineName")) || elsewhere
}
