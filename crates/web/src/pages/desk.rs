//! The documentation desk: what one's circles know, how it is found, entered, reviewed and seen. Every form and every sheet is
//! made from the desk's model, so a field that is added there is on these pages.

pub mod case;
pub mod choices;
pub mod fill;
pub mod form;
pub mod history;
pub mod home;
pub mod kept;
pub mod places;
pub mod review;
pub mod search;
pub mod sheet;
pub mod standing;
pub mod timeline;
pub mod told;
pub mod typed;
pub mod wanted;
