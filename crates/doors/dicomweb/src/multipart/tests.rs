use super::*;
use proptest::prelude::*;

/// Content type and content.
type Part = (Option<String>, Vec<u8>);

/// Parts, whatever pieces the body comes in.
fn parts_of(body: &[u8], boundary: &str, piece: usize) -> Result<Vec<Part>, MultipartError> {
    let mut parser = Multipart::new(boundary, Limits { parts: 5 })?;
    let (mut parts, mut open) = (Vec::<Part>::new(), false);
    for bytes in body.chunks(piece.max(1)) {
        parser.feed(bytes);
        while let Some(event) = parser.next()? {
            match event {
                Event::Part { content_type } => {
                    assert!(!open);
                    open = true;
                    parts.push((content_type, Vec::new()));
                }
                Event::Body(bytes) => {
                    assert!(open && !bytes.is_empty());
                    parts.last_mut().unwrap().1.extend_from_slice(&bytes);
                }
                Event::PartEnd => {
                    assert!(open);
                    open = false;
                }
            }
        }
        assert!(parser.buffer.len() <= piece.saturating_add(MAX_HEADERS + 100));
    }
    parser.finish().map(|()| parts)
}

fn read(body: &[u8]) -> Result<Vec<Part>, MultipartError> {
    let whole = parts_of(body, "xyz", usize::MAX);
    for piece in [1, 2, 3, 5, 7, 64] {
        assert_eq!(parts_of(body, "xyz", piece), whole, "in pieces of {piece}");
    }
    whole
}

fn part(content_type: &str, content: &[u8]) -> Part {
    (Some(content_type.to_owned()), content.to_vec())
}

#[test]
fn parts_with_preamble_padding_and_epilogue() {
    let body = b"ignored\r\n--xyz \t\r\nX: y\r\ncontent-TYPE:  a/b;\r\n c=d\r\n\r\none\r\n--xyz\r\n\r\n\r\n--xyz\r\nContent-Type: e/f\r\n\r\n\r\ntwo\r\n\r\n--xyz--\r\n--xyz\r\nignored";
    let expected = vec![
        part("a/b; c=d", b"one"),
        (None, vec![]),
        part("e/f", b"\r\ntwo\r\n"),
    ];
    assert_eq!(read(body), Ok(expected));
}

#[test]
fn the_boundary_may_come_first_and_the_last_line_may_lack_its_end() {
    assert_eq!(
        read(b"--xyz\r\nContent-Type: a/b\r\n\r\none\r\n--xyz--"),
        Ok(vec![part("a/b", b"one")])
    );
}

#[test]
fn what_only_looks_like_a_boundary_is_content() {
    let content = b"\r\n--xyzz\r\n--xy\r\n--xyz-\r\n--xyz x\r\n\r\r\n-- xyz\n--xyz\r";
    for content in [content.as_slice(), b"--xyzz", b"\r\n--xyzz", b"--xyz x"] {
        let body = [
            b"--xyz\r\nContent-Type: a/b\r\n\r\n".as_slice(),
            content,
            b"\r\n--xyz--",
        ]
        .concat();
        assert_eq!(read(&body), Ok(vec![part("a/b", content)]));
    }
}

#[test]
fn broken_bodies_are_refused() {
    use MultipartError as E;
    for (body, error) in [
        (b"".as_slice(), E::NoPart),
        (b"nothing here", E::NoPart),
        (b"--xyz--", E::NoPart),
        (b"--abc\r\n\r\nx\r\n--abc--", E::NoPart),
        (b"--xyz\r\nContent-Type: a/b", E::Truncated),
        (b"--xyz\r\nContent-Type: a/b\r\n\r\nhalf", E::Truncated),
        (b"--xyz\r\nContent-Type: a/b\r\n\r\nx\r\n--xyz", E::Truncated),
        (b"--xyz\r\nContent-Type: a/b\r\n\r\nx\r\n--xyz-", E::Truncated),
    ] {
        assert_eq!(read(body), Err(error), "{}", String::from_utf8_lossy(body));
    }
    let many = [b"\r\n--xyz\r\n\r\nx".repeat(6), b"\r\n--xyz--".to_vec()].concat();
    assert_eq!(read(&many), Err(E::TooManyParts(5)));
    let long = [
        b"--xyz\r\nA: ".to_vec(),
        vec![b'x'; MAX_HEADERS + 8],
        b"\r\n\r\nx\r\n--xyz--".to_vec(),
    ]
    .concat();
    assert_eq!(read(&long), Err(E::Headers));
    let preamble = [
        vec![b'x'; MAX_PREAMBLE + 9],
        b"\r\n--xyz\r\n\r\nx\r\n--xyz--".to_vec(),
    ]
    .concat();
    assert_eq!(read(&preamble), Err(E::NoPart));
    for boundary in ["", " ", "a ", "a\r\nb", "ä", &"x".repeat(71)] {
        assert!(
            Multipart::new(boundary, Limits::default()).is_err(),
            "{boundary:?}"
        );
    }
}

#[test]
fn content_streams_in_fixed_memory() {
    let mut parser = Multipart::new("xyz", Limits::default()).unwrap();
    parser.feed(b"--xyz\r\n\r\n");
    assert!(matches!(parser.next(), Ok(Some(Event::Part { .. }))));
    let mut seen = 0;
    for _ in 0..1000 {
        parser.feed(&[b'\r'; 10_000]);
        while let Some(Event::Body(bytes)) = parser.next().unwrap() {
            seen += bytes.len();
        }
        assert!(parser.buffer.len() < 100);
    }
    assert!(seen >= 9_999_990);
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_parts(
        contents in proptest::collection::vec(proptest::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'-'), Just(b'b'), any::<u8>()], 0..40), 1..5),
        piece in 1usize..50,
    ) {
        let boundary = "bb-gateway-test-boundary";
        let mut body = Vec::new();
        for content in &contents {
            body.extend_from_slice(format!("\r\n--{boundary}\r\nContent-Type: a/b\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
        }
        body.extend_from_slice(format!("\r\n--{boundary}--").as_bytes());
        let parts = parts_of(&body, boundary, piece).unwrap();
        prop_assert_eq!(parts.into_iter().map(|(_, content)| content).collect::<Vec<_>>(), contents);
    }

    #[test]
    fn hostile_bodies_never_panic_and_read_the_same_in_pieces(
        pieces in proptest::collection::vec(prop_oneof![
            Just(b"\r\n".to_vec()), Just(b"--xyz".to_vec()), Just(b"--".to_vec()), Just(b"\r\n\r\n".to_vec()), Just(b" ".to_vec()),
            Just(b"Content-Type: a/b".to_vec()), proptest::collection::vec(any::<u8>(), 0..5)], 0..40),
        piece in 1usize..20,
    ) {
        let body = pieces.concat();
        prop_assert_eq!(parts_of(&body, "xyz", piece), parts_of(&body, "xyz", usize::MAX));
    }
}
