//! The privacy officer's commands from outside: setting up, recording, reporting.

#[cfg(test)]
mod breach;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod directives;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod set_up;
