//! Each verdict in plain words: what it is, what it means, what to do next.

use seal::Verdict;

/// How a verdict is coloured and marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Tone {
    /// It is what was sealed.
    Same,
    /// It is not.
    Changed,
    /// Nobody can say, or it is to be read with care.
    Care,
}

impl Tone {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Care => "care",
        }
    }
}

/// A verdict in plain words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Words {
    pub(crate) tone: Tone,
    /// The verdict in a few words, as people call it.
    pub(crate) name: &'static str,
    pub(crate) headline: &'static str,
    pub(crate) means: &'static str,
    pub(crate) next: &'static str,
}

const ASK_FOR_COPY: &str = "Do not use this copy. Ask the hospital for a new one, and check that one here.";
const TELL_US: &str = "Do not rely on this file for now. Tell the people who run this gateway.";
const CANNOT_TELL: &str = "We cannot tell if this is the scan that was sealed.";

/// The words for a verdict and its reason. `has_pixels` is false for reports and other objects without a picture.
pub(crate) fn words(verdict: Verdict, reason: Option<&str>, has_pixels: bool) -> Words {
    match verdict {
        Verdict::Authentic => Words {
            tone: Tone::Same,
            name: "Unchanged",
            headline: if has_pixels {
                "This is the scan that was sealed. Not one pixel has changed."
            } else {
                "This is the file that was sealed. Nothing in it has changed."
            },
            means: match reason {
                None => "All that we sealed when it came in is still the same.",
                Some(_) => {
                    "All that we sealed when it came in is the same. Only some spare bits that no one sees were \
                     cleared. Many programs do that."
                }
            },
            next: "You can rely on this copy as far as you rely on how it came in. Read that below.",
        },
        Verdict::AuthenticAmended => Words {
            tone: Tone::Same,
            name: "Unchanged, with signed fixes",
            headline: "This is the scan that was sealed, with fixes that were signed.",
            means: "The picture is the same. Some facts in the file, such as a name, were set right later. Each fix \
                    was signed.",
            next: "You can rely on this copy as far as you rely on how it came in. Read that below.",
        },
        Verdict::DisplayAltered => match reason {
            Some("hidden-bits") => Words {
                tone: Tone::Changed,
                name: "Hidden bits changed",
                headline: "The picture is the same, but hidden bits in it have changed.",
                means: "There are spare bits next to each pixel. They can hold marks that are laid over the picture. \
                        Here they are not as they were sealed.",
                next: ASK_FOR_COPY,
            },
            _ => Words {
                tone: Tone::Changed,
                name: "Look changed",
                headline: "The pixels are the same, but the way they are shown has changed.",
                means: "Things like light, dark or marks on top of the picture are not as they were sealed. That can \
                        hide what is there, or show what is not.",
                next: ASK_FOR_COPY,
            },
        },
        Verdict::AttributesAltered => Words {
            tone: Tone::Changed,
            name: "Facts changed",
            headline: "Facts in this file were changed after it was sealed.",
            means: "A scan holds more than a picture. It says whose it is, when it was made and how large things are. \
                    Some of that is not as it was sealed.",
            next: ASK_FOR_COPY,
        },
        Verdict::PixelsAltered => Words {
            tone: Tone::Changed,
            name: "Picture changed",
            headline: "This picture was changed after it was sealed.",
            means: "What you see is not what was sealed. The boxes show where it is not the same.",
            next: "Do not use this copy to plan care. Ask the hospital for a new one, and tell them about this one.",
        },
        Verdict::Derived => Words {
            tone: Tone::Care,
            name: "Unchanged copy of a sealed scan",
            headline: "This is a copy that this gateway made and handed out. It is unchanged since then.",
            means: "It was made from a scan that is sealed. It is not that scan, and is not meant to be. For instance, \
                    the name may have been taken out.",
            next: "Use it for what it was made for. For care, ask the hospital for the scan itself.",
        },
        Verdict::Incomplete => Words {
            tone: Tone::Changed,
            name: "Pictures missing",
            headline: "Some pictures of this study are missing.",
            means: "The seal of the study lists more pictures than you have. What is not there could matter.",
            next: "Ask the hospital for the whole study.",
        },
        Verdict::Unsealed => Words {
            tone: Tone::Care,
            name: "No seal",
            headline: "We have no seal for this file.",
            means: "That does not make it a fake. It was not sealed here, so we cannot say if someone changed it.",
            next: "Ask the place that made the scan if they seal scans. If they do, check the file with them, or ask \
                   for its seal file and add it here.",
        },
        Verdict::Stripped => Words {
            tone: Tone::Care,
            name: "Known picture, other label",
            headline: "We know this picture, but not under this label.",
            means: "The same pixels were sealed here. But the number that names the scan was taken out or replaced. So \
                    what the file says about the person may be wrong.",
            next: "Do not trust the name in this file. Ask who gave it to you why the label was changed.",
        },
        Verdict::Revoked => Words {
            tone: Tone::Changed,
            name: "Taken back",
            headline: "This scan was sealed, but it was taken back later.",
            means: "Those who look after the scan said that it must not be used. It may be of someone else, or it may \
                    be wrong.",
            next: "Do not use it. Ask the hospital why it was taken back.",
        },
        Verdict::Unproven => unproven(reason.unwrap_or_default()),
    }
}

fn unproven(reason: &str) -> Words {
    let care = |name, headline, means, next| Words {
        tone: Tone::Care,
        name,
        headline,
        means,
        next,
    };
    let alarm = |name, headline, means, next| Words {
        tone: Tone::Changed,
        name,
        headline,
        means,
        next,
    };
    match reason {
        "not-decoded" => care(
            "Could not compare",
            CANNOT_TELL,
            "The pixels are packed in a way that we cannot open here. So we could not compare them.",
            "Ask for a copy that is not packed, and check that one here.",
        ),
        "lossy-reencoded" => care(
            "Saved with less detail",
            CANNOT_TELL,
            "This copy was saved with less detail to make it small. That changes pixels all over. So we cannot tell if \
             someone changed the picture as well.",
            "Ask the hospital for a copy with all its detail, and check that one here.",
        ),
        "examination-failed" => care(
            "Check failed",
            CANNOT_TELL,
            "Something went wrong while we looked at the file. This says nothing about your scan.",
            "Try once more. If it goes on, tell the people who run this gateway.",
        ),
        "bundle-signature" => care(
            "Seal file not trusted",
            "We do not know who made this seal file.",
            "It is not signed with a key that we trust. Anyone could have made it. So it proves nothing.",
            "Get the seal file from the hospital itself, or check the scan with them.",
        ),
        "seal-signature" => alarm(
            "Seal damaged",
            "The seal that we keep for this scan is damaged.",
            "It is not signed with the key that it should have. So it proves nothing.",
            TELL_US,
        ),
        "log-forked" => alarm(
            "Log does not add up",
            "Warning: the public log does not add up.",
            "The log that goes with this seal is not the one we saw before. An honest log never does that.",
            TELL_US,
        ),
        "log-rolled-back" => alarm(
            "Log too short",
            "Warning: the public log is shorter than it was.",
            "The log that goes with this seal is older than the one we saw. Nothing shows that they are one and the \
             same.",
            "Get a new seal file and try again. If it goes on, tell the people who run this gateway.",
        ),
        "log-consistency-not-shown" => care(
            "Log not linked",
            "We cannot prove that this seal is in our log.",
            "The log that goes with this seal may be fine. But nothing shows that it goes on from the one we saw.",
            "Get a new seal file and try again.",
        ),
        "log-proof-missing" => care(
            "Not found in the log",
            "We cannot prove that this seal is in the public log.",
            "Each seal has a line in the log, so that no one can make one up later. The proof for this line is not \
             there.",
            "Get a new seal file and try again. If it goes on, tell the people who run this gateway.",
        ),
        "log-proof-wrong" | "log-signature" => alarm(
            "Log proof is wrong",
            "Warning: the proof from the log does not fit this seal.",
            "Each seal has a line in the log, so that no one can make one up later. The proof for this line is wrong or \
             not signed by our log.",
            TELL_US,
        ),
        // trust-unreadable, no-trust, no-store, and what is still to come.
        _ => care(
            "Could not prove",
            CANNOT_TELL,
            "Something that we need for the proof was not there.",
            "Try once more. If it goes on, tell the people who run this gateway.",
        ),
    }
}

#[cfg(test)]
mod tests;
