//! Is this image the one that was sealed? Where was it altered?
