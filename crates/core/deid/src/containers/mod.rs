//! Layers below the data set: codestreams, colour profiles, unused bits.
