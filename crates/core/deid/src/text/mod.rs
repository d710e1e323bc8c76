//! Free text: what stays and what goes.
