//! Checking a password takes a core for a while, by design. So it happens away from the threads that serve, and only so
//! much of it at a time.

use std::sync::Arc;
use std::thread::available_parallelism;

use fragrant::resource_owner::ResourceOwnerId;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::user::Users;

/// How many may wait for their turn, for each core. A check takes some 20 ms, so the last of them waits for about a second.
const WAITING_PER_CORE: usize = 64;

/// One check at a time for each core, a bounded number that waits, and no more.
#[derive(Debug)]
pub(crate) struct Turns {
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Too many are waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Busy;

impl Turns {
    pub(crate) fn new() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::with(cores, cores * WAITING_PER_CORE)
    }

    /// As many at a time, and as many more that wait.
    fn with(running: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            places: Arc::new(Semaphore::new(running + waiting)),
        }
    }

    /// Whoever has this name and this password, when it is their turn.
    pub(crate) async fn log_in(
        &self,
        users: Arc<Users>,
        name: &str,
        password: &str,
    ) -> Result<Option<ResourceOwnerId>, Busy> {
        let _place = self.places.try_acquire().map_err(|_| Busy)?;
        // Held by the check itself: it goes on when whoever asked for it has gone.
        let turn = self.running.clone().acquire_owned().await.map_err(|_| Busy)?;
        let (name, password) = (name.to_owned(), Zeroizing::new(password.to_owned()));
        let check = spawn_blocking(move || {
            let _turn = turn;
            users.log_in(&name, &password).cloned()
        });
        Ok(check.await.ok().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::User;

    #[test]
    fn beyond_those_that_wait_nobody_is_let_in() {
        let users = Arc::new(Users::new(vec![User::new("jane", "x").unwrap()]).unwrap());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let turns = Turns::with(1, 1);
            let turn = turns.running.acquire().await.unwrap();
            let mut waiting = Box::pin(turns.log_in(users.clone(), "jane", "x"));
            tokio::select! {
                biased;
                _ = &mut waiting => panic!("nobody's turn"),
                () = std::future::ready(()) => (),
            }
            let mut second = Box::pin(turns.log_in(users.clone(), "jane", "x"));
            tokio::select! {
                biased;
                _ = &mut second => panic!("nobody's turn"),
                () = std::future::ready(()) => (),
            }
            assert_eq!(turns.log_in(users.clone(), "jane", "x").await, Err(Busy));
            drop(turn);
            let name = ResourceOwnerId::new("jane").unwrap();
            assert_eq!(waiting.await, Ok(Some(name.clone())));
            assert_eq!(second.await, Ok(Some(name)));
            assert_eq!(turns.log_in(users.clone(), "jane", "y").await, Ok(None));
        });
    }
}
