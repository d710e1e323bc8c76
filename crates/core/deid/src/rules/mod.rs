//! The rules as data: PS3.15 table E.1-1, types of attributes, private elements, codes.
