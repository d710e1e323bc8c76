//! The one accounted read path for those inside.
