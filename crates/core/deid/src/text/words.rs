//! The words that may stay, each with how freely, and the words that change what may follow them.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// How freely a word stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Medical, technical or a function word: stays unless it is the patient's own.
    Strong,
    /// English and no known name: stays.
    Plain,
    /// Medical or technical, and a common name too ("white", "long"): goes beside a name or where a name is due.
    Ambiguous,
    /// A name that medicine uses ("Paget"): stays before what it names ("disease").
    Eponym,
    /// English, and a name or place too: stays only in lower case, away from names.
    Weak,
    /// One letter.
    Single,
    /// Nothing we know: goes.
    Unknown,
}

/// What a word says of the words around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    None,
    /// Dr, Mrs, Prof: a name follows.
    Title,
    /// by, tech, signed: a name or initials follow.
    By,
    /// for, patient, from: a name may follow.
    Person,
    /// MRN, phone: a number that goes follows, however short.
    Id,
    /// room, case, no: a longer number that goes follows.
    Numbered,
    /// at, in, near: a place may follow.
    At,
    /// Hospital, Clinic: its name goes before.
    Place,
    /// March, Okt: part of a date if a number is near.
    Month,
    /// Monday: part of a date if one is near.
    Weekday,
    /// on, since, dated: a date may follow.
    On,
    /// age, aged: an age follows.
    Age,
    /// MD, PhD: a name goes before.
    Degree,
    /// disease, syndrome, sign: an eponym may stand before.
    Named,
}

#[derive(Clone, Copy)]
pub(super) struct Entry {
    pub class: Class,
    pub role: Role,
}

/// The static words are no one's to choose, so a fast hash without a key is safe here.
#[derive(Default)]
pub(super) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0u8; 8];
            word.copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        let mut last = 0u64;
        for &b in chunks.remainder() {
            last = (last << 8) | u64::from(b);
        }
        self.add(last ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

impl Mix {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

type Map = HashMap<&'static str, Entry, BuildHasherDefault<Mix>>;

static WORDS: LazyLock<Map> = LazyLock::new(|| {
    let lists: [(&'static str, Class); 6] = [
        (include_str!("../../data/words/weak.txt"), Class::Weak),
        (include_str!("../../data/words/plain.txt"), Class::Plain),
        (include_str!("../../data/words/eponyms.txt"), Class::Eponym),
        (include_str!("../../data/words/strong.txt"), Class::Strong),
        (include_str!("../../data/words/scripts.txt"), Class::Strong),
        (include_str!("../../data/words/ambiguous.txt"), Class::Ambiguous),
    ];
    let mut map = Map::with_capacity_and_hasher(90_000, BuildHasherDefault::default());
    for (list, class) in lists {
        for word in list.lines() {
            map.insert(
                word,
                Entry {
                    class,
                    role: Role::None,
                },
            );
        }
    }
    for (role, list) in ROLES {
        for word in list.split_whitespace() {
            map.entry(word)
                .or_insert(Entry {
                    class: Class::Unknown,
                    role,
                })
                .role = role;
        }
    }
    // Titles and labels are no secret in themselves.
    for word in KEPT_LABELS.split_whitespace() {
        map.entry(word)
            .or_insert(Entry {
                class: Class::Strong,
                role: Role::None,
            })
            .class = Class::Strong;
    }
    map
});

const KEPT_LABELS: &str = "dr mr mrs ms prof md phd rn by for from at in on mrn id acc ssn dob tel fax phone room zip \
    patient pt name attn attending nurse hospital hosp clinic center centre since born age aged \
    klinik klinikum krankenhaus hopital clinique ospedale ziekenhuis universitatsklinikum university institute \
    monday tuesday wednesday thursday friday saturday sunday";

const ROLES: [(Role, &str); 13] = [
    (
        Role::Title,
        "dr mr mrs ms miss prof professor doctor herr herrn frau mme mlle monsieur madame dott dra sra srta senor \
         senora signor signora mevrouw meneer dhr mevr",
    ),
    (
        Role::By,
        "by tech technologist operator signed init initials inits attn attention attending radiologist physician \
         surgeon resident fellow provider nurse rn dictated transcribed von durch par reader interpreter \
         sonographer radiographer mta referrer",
    ),
    (
        Role::Person,
        "for from patient patients pt pts name names named ref refer referred referring surname lastname firstname \
         mother father wife husband son daughter spouse brother sister co cc contact guardian fur pour para patientin \
         paciente paziente",
    ),
    (
        Role::Id,
        "mrn ssn acc accession dob phone telephone tel fax mobile cell pager nhs nhi hcn mpi pid npi acct account \
         policy licence license insurance medicare medicaid patientid patid studyid born geboren ne nacido passport ehr emr",
    ),
    (
        Role::Numbered,
        "id room rm bed zip case no nr number num serial sn file chart suite ste apt ext extension unit ward box",
    ),
    (Role::At, "at near in"),
    (
        Role::Place,
        "hospital hosp hospitals clinic clinics klinik klinikum krankenhaus hopital clinique ospedale hospitalet \
         ziekenhuis universitatsklinikum center centre university universitat universite institute institut infirmary \
         sanatorium praxis polyclinic hospice",
    ),
    (
        Role::Month,
        "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october \
         nov november dec december januar jaenner februar maerz marz mai juni juli okt oktober dez dezember janvier \
         fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio \
         julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre \
         ottobre dicembre janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro januari februari \
         maart mei augustus",
    ),
    (
        Role::Weekday,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri montag dienstag \
         mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes \
         miercoles jueves viernes sabado domingo edt est cst cdt pst pdt utc gmt cet cest",
    ),
    (Role::On, "on since dated date seen until vom am du del"),
    (Role::Age, "age aged alter edad eta idade"),
    (Role::Degree, "md phd frcr facr frcpc mbbs facs bsn dnp"),
    (
        Role::Named,
        "disease diseases syndrome syndromes cyst cysts palsy sign view views position lesion lesions fracture \
         fractures lymphoma tumor tumour tumors sarcoma esophagus oesophagus procedure duct tube score scores method \
         phenomenon contracture stricture ulcer gangrene chorea dementia body bodies paralysis classification grade \
         grading type category deformity arthropathy disorder esophagitis diverticulum maneuver test reflex line node \
         nodes ring tendon ligament canal area foramen units criteria anomaly malformation operation fundoplication \
         repair pouch catheter thyroiditis arteritis granulomatosis angle hernia neuroma nodule nodules scan scale \
         index macroglobulinemia glands gland thalassemia cells muscle nephropathy encephalopathy shunt amputation \
         dialysis jejunostomy chiari hodgkin hodgkins danlos barr carinii prosthesis bag",
    ),
];

/// What is known of a folded word.
pub(super) fn entry(word: &str) -> Entry {
    WORDS.get(word).copied().unwrap_or(Entry {
        class: Class::Unknown,
        role: Role::None,
    })
}

/// True if `word` is a unit that may follow a number.
pub(super) fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "mm" | "cm"
            | "m"
            | "um"
            | "nm"
            | "ml"
            | "l"
            | "dl"
            | "mg"
            | "g"
            | "kg"
            | "mcg"
            | "ug"
            | "ng"
            | "iu"
            | "u"
            | "mci"
            | "uci"
            | "mbq"
            | "kbq"
            | "gbq"
            | "bq"
            | "kv"
            | "kvp"
            | "kev"
            | "mev"
            | "mv"
            | "ma"
            | "mas"
            | "ms"
            | "msec"
            | "s"
            | "sec"
            | "secs"
            | "us"
            | "ns"
            | "min"
            | "mins"
            | "hz"
            | "khz"
            | "mhz"
            | "ghz"
            | "t"
            | "mt"
            | "gy"
            | "cgy"
            | "mgy"
            | "sv"
            | "msv"
            | "usv"
            | "rad"
            | "hu"
            | "deg"
            | "degree"
            | "degrees"
            | "fps"
            | "fr"
            | "frames"
            | "images"
            | "image"
            | "slices"
            | "slice"
            | "slc"
            | "sl"
            | "bpm"
            | "mmhg"
            | "px"
            | "pixel"
            | "pixels"
            | "x"
            | "dpi"
            | "mmol"
            | "nmol"
            | "umol"
            | "kb"
            | "mb"
            | "gb"
            | "bit"
            | "bits"
            | "ppm"
            | "lbs"
            | "lb"
            | "mm2"
            | "mm3"
            | "cm2"
            | "cm3"
            | "cc"
            | "percent"
            | "p"
            | "k"
            | "counts"
            | "kcts"
    )
}

/// Names that look built of medical words ("Sandoval", "Canales").
static NOT_BUILT: LazyLock<HashSet<&'static str, BuildHasherDefault<Mix>>> =
    LazyLock::new(|| include_str!("../../data/words/not_built.txt").lines().collect());

/// True if an unknown folded Latin word is medical by its build: a known plural, a medical prefix before a known word,
/// a medical ending, or two longer medical words in one.
pub(super) fn is_built_medically(word: &str) -> bool {
    if !word.is_ascii() || word.len() < 5 || NOT_BUILT.contains(word) {
        return false;
    }
    let strong = |w: &str| w.len() >= 4 && entry(w).class == Class::Strong;
    if word.strip_suffix('s').is_some_and(strong) || word.strip_suffix("es").is_some_and(strong) {
        return true;
    }
    if word.len() >= 8 && ENDINGS.iter().any(|end| word.ends_with(end)) {
        return true;
    }
    let known = |w: &str| w.len() >= 4 && matches!(entry(w).class, Class::Strong | Class::Plain);
    if PREFIXES.iter().any(|p| word.strip_prefix(p).is_some_and(known)) {
        return true;
    }
    word.len() >= 8
        && (4..=word.len().saturating_sub(4)).any(|at| {
            word.split_at_checked(at)
                .is_some_and(|(a, b)| strong(a) && strong(b))
        })
}

const PREFIXES: [&str; 44] = [
    "post", "pre", "non", "sub", "supra", "infra", "peri", "retro", "intra", "inter", "anti", "hyper",
    "hypo", "endo", "epi", "para", "poly", "micro", "macro", "multi", "bi", "uni", "trans", "neuro",
    "cardio", "gastro", "hemi", "hepato", "broncho", "musculo", "osteo", "fibro", "cranio", "thoraco",
    "abdomino", "lympho", "angio", "arterio", "veno", "cervico", "lumbo", "re", "un", "de",
];

const ENDINGS: [&str; 42] = [
    "itis",
    "ectomy",
    "opathy",
    "opathic",
    "ography",
    "ographic",
    "oscopy",
    "oscopic",
    "oplasty",
    "ostomy",
    "otomy",
    "aemia",
    "emic",
    "uria",
    "algia",
    "osis",
    "oses",
    "megaly",
    "plegia",
    "lithiasis",
    "ectasis",
    "ectatic",
    "stenosis",
    "sclerosis",
    "sclerotic",
    "ogram",
    "ograms",
    "omatous",
    "omatosis",
    "blastoma",
    "sarcoma",
    "carcinoma",
    "cytoma",
    "adenoma",
    "angioma",
    "genesis",
    "edema",
    "trophy",
    "trophic",
    "pnea",
    "cillin",
    "statin",
];
