//! A letter to a patient whose scans were in a breach, with the content of 45 CFR 164.404(c)(1).

use anyhow::Result;
use model::{Date, Redacted};
use release::{Exposed, ExposedStudy};
use serde_json::Value;
use store::Store;

/// What all letters of a breach have in common.
pub(super) struct Occasion {
    pub(super) facility: String,
    pub(super) recipient: String,
    pub(super) what_happened: Option<String>,
    pub(super) found_on: Option<Date>,
    pub(super) contact: Option<String>,
    pub(super) today: Option<Date>,
}

/// A scan as its patient knows it.
pub(super) struct Scan {
    words: Redacted<String>,
    identified: bool,
    certain: bool,
    erased: bool,
    sent_on: String,
}

pub(super) async fn scan(store: &Store, exposed: &ExposedStudy) -> Result<Scan> {
    let words = store.study_words(&exposed.study).await?.unwrap_or_default();
    let attributes: Value = serde_json::from_str(words.attributes.reveal()).unwrap_or_default();
    let described = attributes.pointer("/00081030/Value/0").and_then(Value::as_str);
    let described = described.map(str::trim).filter(|text| !text.is_empty());
    let date = words.date.reveal().parse::<Date>();
    let taken = date.map_or(String::new(), |day| format!(" of {day}"));
    let day = |at| Date::of(at).map_or_else(String::new, |day: Date| day.to_string());
    let copy = exposed.copy.as_ref();
    Ok(Scan {
        words: Redacted::new(format!("{}{taken}", described.unwrap_or("A scan"))),
        identified: exposed.profile == "original",
        certain: exposed.sent > 0,
        erased: copy.is_some_and(|copy| copy.state == store::CopyState::Erased),
        sent_on: day(exposed.first_at),
    })
}

impl Occasion {
    /// The options that were not given, and that the law wants in the letter.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if self.facility.trim().is_empty() {
            missing.push("the facility's name (admin facility set)");
        }
        if self.what_happened.is_none() {
            missing.push("--what-happened");
        }
        if self.found_on.is_none() {
            missing.push("--found-on");
        }
        if self.contact.is_none() {
            missing.push("--contact");
        }
        missing
    }

    /// The letter: what happened, what was in it, what the patient can do, what is done, whom to ask.
    pub(super) fn letter(&self, patient: &Exposed, scans: &[Scan]) -> String {
        let name = patient
            .name
            .as_ref()
            .map(|name| name.reveal().as_str())
            .unwrap_or_default();
        let or_blank = |text: Option<&str>, what: &str| match text.filter(|text| !text.trim().is_empty()) {
            Some(text) => escaped(text),
            None => format!("<mark>[fill in: {what}]</mark>"),
        };
        let facility = or_blank(Some(&self.facility), "the name of the facility");
        let recipient = escaped(&self.recipient);
        let found = self.found_on.map(|day| day.to_string());
        let found = or_blank(found.as_deref(), "the day");
        let happened = or_blank(self.what_happened.as_deref(), "what happened, and when");
        let contact = or_blank(
            self.contact.as_deref(),
            "a toll-free number, and an e-mail address, web page or postal address",
        );
        let listed: String = scans.iter().map(line).collect();
        let named = scans.iter().any(|scan| scan.identified);
        let kinds = if named {
            "The images, and what is written in the same files: your name, your patient number, your date of birth, the day and the \
             kind of the scan, and the names of those who ordered it and took it."
        } else {
            "The images. We had taken your name, your number and your date of birth out before we sent them. It may still be possible to \
             find out whose they are, for example by comparing them with other images."
        };
        let careful = if named {
            "<li>Look at bills and letters from your insurer. Ask about care that you did not get.</li>\
             <li>Be careful with calls and messages that mention your scans. Ask us before you answer.</li>"
        } else {
            "<li>Be careful with calls and messages that mention your scans. Ask us before you answer.</li>"
        };
        let date = self.today.map(|day| day.to_string()).unwrap_or_default();
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>A letter about your scans</title>\n\
             <style>body{{font:12pt/1.5 serif;max-width:42em;margin:2em auto;padding:0 1em}}h2{{font-size:1.1em}}mark{{background:#fd0}}</style>\n\
             </head>\n<body>\n<p>{facility}</p>\n<p>{date}</p>\n<p>Dear {dear},</p>\n\
             <p>We write to you because scans of yours were with a company or place that had a security problem.</p>\n\
             <h2>What happened</h2>\n<p>{happened}</p>\n<p>It happened at {recipient}. It was found out on {found}.</p>\n\
             <h2>What it is about</h2>\n<p>{kinds}</p>\n<ul>\n{listed}</ul>\n\
             <h2>What you can do</h2>\n<ul>{careful}<li>You can say no to further use of your scans. It does not change your care. Ask us how.</li>\
             <li>You can ask us for a list of everybody who got your scans. It is free.</li></ul>\n\
             <h2>What we do</h2>\n<p>We keep a record of every copy that leaves us, and so we know that this concerns you. We can stop sending to \
             {recipient}, and we can ask it to delete what it has. What it tells us about that goes into your list.</p>\n\
             <h2>Whom to ask</h2>\n<p>{contact}</p>\n<p>We are sorry that this happened.</p>\n<p>{facility}</p>\n</body>\n</html>\n",
            dear = escaped(name),
        )
    }
}

fn line(scan: &Scan) -> String {
    let sent = if scan.certain {
        "was sent on"
    } else {
        "may have been sent on"
    };
    let erased = if scan.erased {
        " They told us later that they erased it."
    } else {
        ""
    };
    format!(
        "<li>{}: it {sent} {}.{erased}</li>\n",
        escaped(scan.words.reveal()),
        scan.sent_on
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
