//! Character sets with invented names that are written in them (PS3.3 C.12.1.1.2).

/// One group of a person's name: how it is read, and its bytes.
pub(crate) type Part = (&'static str, &'static [u8]);

/// A declared character set, with names in it.
pub(crate) struct CharacterSet {
    /// The value of (0008,0005); `None` where it is absent.
    pub(crate) declared: Option<&'static str>,
    /// What a value in another than the first set starts with.
    pub(crate) shift: &'static [u8],
    /// Names: family and given; in Latin letters (empty where the set itself is that of the first group), in the script, and as
    /// spoken.
    pub(crate) names: &'static [[Part; 6]],
}

const NONE: Part = ("", b"");

/// All character sets in use here. The first has no names of its own: those are made up.
pub(crate) const ALL: [CharacterSet; 8] = [
    CharacterSet {
        declared: None,
        shift: b"",
        names: &[],
    },
    CharacterSet {
        declared: Some("ISO_IR 192"),
        shift: b"",
        names: &[
            [
                NONE,
                NONE,
                ("Żółkiewiczak", "Żółkiewiczak".as_bytes()),
                ("Świętomira", "Świętomira".as_bytes()),
                NONE,
                NONE,
            ],
            [
                NONE,
                NONE,
                ("Παπαδοξάρης", "Παπαδοξάρης".as_bytes()),
                ("Ελπινίκος", "Ελπινίκος".as_bytes()),
                NONE,
                NONE,
            ],
            [
                NONE,
                NONE,
                ("Nguyễnvương", "Nguyễnvương".as_bytes()),
                ("Thịquỳnhlan", "Thịquỳnhlan".as_bytes()),
                NONE,
                NONE,
            ],
        ],
    },
    CharacterSet {
        declared: Some("ISO_IR 100"),
        shift: b"",
        names: &[
            [
                NONE,
                NONE,
                ("Þórbergsen", b"\xde\xf3rbergsen"),
                ("Sölvína", b"S\xf6lv\xedna"),
                NONE,
                NONE,
            ],
            [
                NONE,
                NONE,
                ("Müßigbrodt", b"M\xfc\xdfigbrodt"),
                ("Jürgène", b"J\xfcrg\xe8ne"),
                NONE,
                NONE,
            ],
            [
                NONE,
                NONE,
                ("Ñuflérez", b"\xd1ufl\xe9rez"),
                ("Begoñita", b"Bego\xf1ita"),
                NONE,
                NONE,
            ],
        ],
    },
    CharacterSet {
        declared: Some("GB18030"),
        shift: b"",
        names: &[
            [
                ("Ouyangzhu", b"Ouyangzhu"),
                ("Xiaodeng", b"Xiaodeng"),
                ("欧阳竹", b"\xc5\xb7\xd1\xf4\xd6\xf1"),
                ("小灯", b"\xd0\xa1\xb5\xc6"),
                NONE,
                NONE,
            ],
            [
                ("Shangguanlu", b"Shangguanlu"),
                ("Mingtaier", b"Mingtaier"),
                ("上官鹭", b"\xc9\xcf\xb9\xd9\xf0\xd8"),
                ("明台", b"\xc3\xf7\xcc\xa8"),
                NONE,
                NONE,
            ],
        ],
    },
    CharacterSet {
        declared: Some("\\ISO 2022 IR 87"),
        shift: b"",
        names: &[
            [
                ("Yamazumi", b"Yamazumi"),
                ("Tarouzu", b"Tarouzu"),
                ("山墨", b"\x1b$B;3KO\x1b(B"),
                ("太郎津", b"\x1b$BB@O:DE\x1b(B"),
                ("やまずみ", b"\x1b$B$d$^$:$_\x1b(B"),
                ("たろうづ", b"\x1b$B$?$m$&$E\x1b(B"),
            ],
            [
                ("Kirishibe", b"Kirishibe"),
                ("Hanamori", b"Hanamori"),
                ("霧渋", b"\x1b$BL8=B\x1b(B"),
                ("花守", b"\x1b$B2V<i\x1b(B"),
                ("きりしべ", b"\x1b$B$-$j$7$Y\x1b(B"),
                ("はなもり", b"\x1b$B$O$J$b$j\x1b(B"),
            ],
            [
                ("Oguronaka", b"Oguronaka"),
                ("Senritsu", b"Senritsu"),
                ("小黒仲", b"\x1b$B>.9uCg\x1b(B"),
                ("千律", b"\x1b$B@iN'\x1b(B"),
                ("おぐろなか", b"\x1b$B$*$0$m$J$+\x1b(B"),
                ("せんりつ", b"\x1b$B$;$s$j$D\x1b(B"),
            ],
        ],
    },
    CharacterSet {
        declared: Some("\\ISO 2022 IR 149"),
        shift: b"\x1b$)C",
        names: &[
            [
                ("Hwangbong", b"Hwangbong"),
                ("Gildarae", b"Gildarae"),
                ("황봉", b"\xc8\xb2\xba\xc0"),
                ("길다래", b"\xb1\xe6\xb4\xd9\xb7\xa1"),
                NONE,
                NONE,
            ],
            [
                ("Namgungsol", b"Namgungsol"),
                ("Byeolha", b"Byeolha"),
                ("남궁솔", b"\xb3\xb2\xb1\xc3\xbc\xd6"),
                ("별하", b"\xba\xb0\xc7\xcf"),
                NONE,
                NONE,
            ],
        ],
    },
    CharacterSet {
        declared: Some("ISO_IR 144"),
        shift: b"",
        names: &[
            [
                NONE,
                NONE,
                ("Люторогов", b"\xbb\xee\xe2\xde\xe0\xde\xd3\xde\xd2"),
                ("Еремей", b"\xb5\xe0\xd5\xdc\xd5\xd9"),
                NONE,
                NONE,
            ],
            [
                NONE,
                NONE,
                ("Звяжинская", b"\xb7\xd2\xef\xd6\xd8\xdd\xe1\xda\xd0\xef"),
                ("Устинья", b"\xc3\xe1\xe2\xd8\xdd\xec\xef"),
                NONE,
                NONE,
            ],
        ],
    },
    CharacterSet {
        declared: Some("ISO_IR 127"),
        shift: b"",
        names: &[[
            NONE,
            NONE,
            ("قبنورى", b"\xe2\xc8\xe6\xe8\xd1\xe9"),
            ("نزارب", b"\xe6\xd2\xc7\xd1\xc8"),
            NONE,
            NONE,
        ]],
    },
];
