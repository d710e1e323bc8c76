//! How a vendor behaves.

/// How a vendor answers deletion requests.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Behaviour {
    /// ACK at once, and ERASED: posted where a gateway is set, else in the same answer.
    Honest,
    /// ACK at once, ERASED when told to.
    Slow,
    /// ACK, and nothing more.
    OnlyAcks,
    /// Takes the request and answers nothing.
    Silent,
    /// REFUSED.
    Refuses,
    /// PARTIAL: all instances but one (REFUSED where there is only one).
    Partial,
    /// ERASED, signed with a key that is not on record.
    Forges,
    /// ERASED, for another manifest.
    WrongManifest,
    /// Answers the first request well, every other one with the first one's ERASED.
    Replays,
    /// ERASED, with one instance less than was asked for.
    ClaimsAll,
    /// A page of HTML.
    Garbage,
    /// Answers after 60 seconds.
    Hangs,
    /// Nobody listens.
    Down,
}

impl Behaviour {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Honest,
        Self::Slow,
        Self::OnlyAcks,
        Self::Silent,
        Self::Refuses,
        Self::Partial,
        Self::Forges,
        Self::WrongManifest,
        Self::Replays,
        Self::ClaimsAll,
        Self::Garbage,
        Self::Hangs,
        Self::Down,
    ];

    /// A name in lower case with hyphens, such as `only-acks`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Slow => "slow",
            Self::OnlyAcks => "only-acks",
            Self::Silent => "silent",
            Self::Refuses => "refuses",
            Self::Partial => "partial",
            Self::Forges => "forges",
            Self::WrongManifest => "wrong-manifest",
            Self::Replays => "replays",
            Self::ClaimsAll => "claims-all",
            Self::Garbage => "garbage",
            Self::Hangs => "hangs",
            Self::Down => "down",
        }
    }
}
