//! Several tabs of the page.

use browser_tests::Tab;

use super::super::app::{fall_asleep, look_at, wait_for_rest};
use super::{REPORTS, call, opened_beside, signed_in, stored, wait_for_phase, world};

#[test]
fn two_tabs_share_one_renewal_and_the_sign_out() {
    let world = world();
    let first = signed_in(&world);
    let second = opened_beside(&world);
    second.press("Silently");
    second.wait_for_text(REPORTS, "signed_in");
    second.wait_for_no("iframe");
    let before = world.server.authorization_requests();
    // Both have slept, and wake up at once.
    second.move_clock(2 * 3600);
    fall_asleep(&world, &first, 2 * 3600);
    look_at(&second);
    let tabs: [&Tab<'_>; 2] = [&first, &second];
    for tab in tabs {
        tab.wait_for_text(REPORTS, "token_renewed | Contacts ReadCallLog");
        wait_for_phase(tab, "signed_in.fresh");
    }
    wait_for_rest(&first);
    assert_eq!(world.server.authorization_requests(), before + 1);
    for tab in tabs {
        assert_eq!(call(tab), 200);
    }
    first.press("Sign out");
    first.wait_for_text(REPORTS, "signed_out | user_signed_out | ");
    second.wait_for_text(REPORTS, "signed_out | signed_out_elsewhere | ");
    for tab in tabs {
        wait_for_phase(tab, "signed_out");
        assert_eq!(stored(tab), 0);
    }
}
