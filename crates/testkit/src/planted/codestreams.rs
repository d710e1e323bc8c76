//! Three codestreams of one grey picture of 32 x 32 pixels, in hexadecimal digits, and where strangers' text goes into them.

/// Baseline JPEG.
pub(crate) const GRAY_JPG: &str = "\
    ffd8ffe000104a46494600010100000100010000ffdb00430006040506050406060506070706080a100a0a09090a140e0f0c1017\
    141818171416161a1d251f1a1b231c1616202c20232627292a29191f2d302d283025282928ffc0000b080020002001011100ffc4\
    001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d\
    01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435\
    363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798\
    999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4\
    f5f6f7f8f9faffda0008010100003f00f97634c7f9e95a91dae3b7ff005ab523d371dbff00ad5a91e8d8fe1ffeb572f6498c7f9c\
    56a595ae31c7ff005abbeb2d3718e3ff00ad5a965a3631f2ff00f5abcb7494c63fce2bbed26d718e3ffad5a9a4e9b8c71ffd6aef\
    f49d1b18f97ffad5e05a02636ff9c577da05ae36f1ff00d6aeff0040d371b78ffeb577fa068d8dbf2fff005abfffd9\
    ";

/// Lossless JPEG, first-order prediction.
pub(crate) const LOSSLESS_JPG: &str = "\
    ffd8ffe000104a46494600010100000100010000ffc3000b080020002001011100ffc4001b000101010101010101000000000000\
    00000302010400050608ffda0008010100010000fe7fddddddddddddddddddddddddddddddddcbc4cbc4cbc4cbc4cbc4cbc4cbc4\
    cbcdd9d6d9d6d9d6d9d6d9d6d9d6d9d6d9ddcf7ba33dee8cf7ba33dee8cf7ba33dee8cf7ba33dedaaa1aaaeaaaa1aaaeaaaa1aaa\
    eaaaa1aaadf27a3c9eedf27a3c9eedf27a3c9eedf27a3c9edacacacaefacacacaefacacacaefacacacadf6eefb77e8fb777dbbf4\
    7dbbbeddfa3edddf6eedddddddf15ddddddfd3bbbbbbbe2bbbbbbbdd5d6d5de5d5d6d5dfadabadabbcbabadabbb7ebe8bf5f3dfa\
    fa2fd7f62fd7d17ebe7bf5f45faf76abab6a876abab6abed6d5756d50ed5756d56a221a221a221a227dc444344434443444da6ac\
    a6aca6aca6afbf4d594d594d594d5a9a9a9a9a9a9a9a9fa14d4d4d4d4d4d4d4dabbbabbbabbbabbfd1d5ddd5ddd5ddd5deaaaaaa\
    aaaaaaaaafc4555555555555555db7be8b7be8b7be8b7bf8f6f7d16f7d16f7d16f7ab4bd4b4bd4b4bd4b4bf25697a9697a9697a9\
    6976d13b2d13b2d13b2d13e5da2765a2765a2765a26b334b33773334b337cd6669666ee6669666d4e84d4e84fa29d09a9d09c09d\
    09a9d09f453a1353a135adadadbe9b5b5b5b7135b5b5b7d36b6b6b6d4555455faa8aaa8abc88aaa8abf5515551575ddddddf99dd\
    ddddf99ddddddf99ddddddf57a57a97a5457a57a97a5457a57a97a5457a57a97a575d1fb1d1cdd1fb1d1cdd1fb1d1cdd1fb1d1f5\
    59bb959a559bb959a559bb959a559bb959b7a3a3a3dd1d1d1ee8e8e8f7474747ba3a3a3dd1d1d1ee8e8e8f7474746b7535b7535b\
    7535b7535b7535b7535b7535b7536f42f42f42f42f42f42f42f42f42f42f42f42f42f42f42f46b3bbb3bbb3bbb3bbb3bbb3bbb3b\
    bb3bff00ffd9\
    ";

/// Lossless JPEG 2000.
pub(crate) const GRAY_J2K: &str = "\
    ff4fff510029000000000020000000200000000000000000000000200000002000000000000000000001070101ff52000c000000\
    01000504040001ff5c00134040484850484850484850484850484850ff640025000143726561746564206279204f70656e4a5045\
    472076657273696f6e20322e352e34ff90000a0000000001bc0001ff93cfb40805e3c3ea0287d40507d40401c301cf001fc3ea04\
    87d40903e7080fd1ac640fcf808d074f5d6fc1f38c83e71903e7182371dc30d1cb25f03cbcd4e71edc4ba40bd7aaf19d9da0df15\
    f370b0714a14b24a1be97fc1f3a483e74303e74024d806984e7541b701bcf8ff77dc13b16509a7c21308aefa8c7391a9e7fe4314\
    03c1cdcf24d80577372897dfe4e3f279c732c3643b6f121382aaa7c6b0296ff1a2cddc342f24dcb90e0edd4cd6f3e64bf147fcc7\
    a26ebd0fa678fd4308b614b7711bcba9f7c1f3d5a0f9e9703e77e082fe0abd18d2516f85bb5665480af9fa699a165b751f9f1316\
    7a9f29cc49fa9f7cb7a9699266189399fa135cee6578284fa3462bc0e71278f082cd693aec9f7d0c14b2f806024b986607c39ca0\
    6d22e20cd6b76f7bf582fdf31badfd5ca96c854e6a820ff4658e7522c1167df938ff383ad7c90e09b2c1616fbb47299d56a356b1\
    8bd7d701b0199869873485e7c96d872a111934547e0aa4af22a4fe581a029c9b82ff3201b6d04dc4e26ec40832998a7616644698\
    a56e2808d391c18a992b7fbb60f35860873792d387a6c50120a178c9139e5402c1798f22139f7bd78c818fffd9\
    ";

/// Bytes out of hexadecimal digits.
pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    digits
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// A marker segment: marker, length, content.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() + 2) as u16;
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

/// A comment and an EXIF segment after the start of a JPEG or JPEG-LS image, and a maker's segment before its frame.
pub(crate) fn with_jpeg_segments(codestream: &[u8], comment: &str, exif: &str, maker: &str) -> Vec<u8> {
    let (start, rest) = codestream.split_at(2.min(codestream.len()));
    let exif = [b"Exif\0\0II*\0\x08\0\0\0".as_slice(), exif.as_bytes()].concat();
    [
        start,
        &segment(0xe1, &exif),
        &segment(0xfe, comment.as_bytes()),
        &segment(0xe8, maker.as_bytes()),
        rest,
    ]
    .concat()
}

/// A comment in the main header of a JPEG 2000 codestream (ITU-T T.800 A.9.2): before its first tile.
pub(crate) fn with_j2k_comment(codestream: &[u8], comment: &str) -> Vec<u8> {
    let Some(at) = codestream.windows(2).position(|pair| pair == [0xff, 0x90]) else {
        return codestream.to_vec();
    };
    let content = [&[0, 1][..], comment.as_bytes()].concat();
    let (head, tiles) = codestream.split_at(at);
    [head, &segment(0x64, &content), tiles].concat()
}
