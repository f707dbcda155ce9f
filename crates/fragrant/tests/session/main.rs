//! The session: an application's day, told by what the session is told and what it orders.

mod against_a_model;
mod calls;
mod equivalence;
mod moves;
mod pains;
mod renewal;
mod scenario;
mod sign_in;
mod tabs;
