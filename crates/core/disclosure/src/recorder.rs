//! Who writes audit messages.

/// The gateway, as audit messages name it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recorder {
    /// A short name of this gateway, such as `gateway`.
    pub device: String,
    /// Its host name (fully qualified) or IP address.
    pub host: String,
    /// Its AE title.
    pub ae_title: String,
    /// The site, as the audit repository knows it.
    pub site: String,
    /// The facility: a short name, and the full one.
    pub organization: (String, String),
    /// An absolute URL without a slash at its end, under which this facility's own codes and agreements have their
    /// names, such as `https://gateway.example`.
    pub namespace: String,
    /// The system of Patient IDs: an URL or `urn:oid:`. None when there is no agreed one.
    pub patient_system: Option<String>,
}

/// What kind of address a text is: DICOM PS3.15 A.5.2.6 and FHIR number them alike.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AccessPoint {
    /// A host name.
    Machine = 1,
    /// An IP address.
    Ip = 2,
    /// An URI.
    Uri = 5,
}

impl AccessPoint {
    pub(crate) fn of(address: &str) -> Self {
        if address.parse::<std::net::IpAddr>().is_ok() {
            Self::Ip
        } else if address.contains("://") || address.starts_with("mailto:") {
            Self::Uri
        } else {
            Self::Machine
        }
    }

    /// The number that both standards write.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Machine => "1",
            Self::Ip => "2",
            Self::Uri => "5",
        }
    }
}
