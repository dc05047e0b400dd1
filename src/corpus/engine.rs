//! Items of a stream, worked on in parallel and delivered in their order, in bounded memory.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// What is worked on by one thread at a time weighs about so many bytes: small items go together.
const GROUP: usize = 1 << 17;

/// How many bytes may be on their way.
struct Budget {
    state: Mutex<State>,
    changed: Condvar,
    most: usize,
}

#[derive(Default)]
struct State {
    taken: usize,
    over: bool,
}

impl Budget {
    /// Waits until `bytes` may be on their way: always when nothing else is. Whether the run goes on.
    fn take(&self, bytes: usize) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.over && state.taken > 0 && state.taken + bytes > self.most {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.taken += bytes;
        !state.over
    }

    fn give(&self, bytes: usize) {
        self.change(|state| state.taken -= bytes);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

/// Ends a run that its end finds still going, whatever the reason.
struct Stop<'b>(&'b Budget);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.over = true);
    }
}

/// What came of the items of a group, which weighed so many bytes.
type Outcome<O, E> = (usize, Result<Vec<O>, E>);

/// Works on every item of `items` on all threads and delivers what came of each, in their order. Items are read ahead until those that
/// are on their way weigh `most` bytes, or one alone weighs more: so much is held, and what came of it.
///
/// # Errors
/// The first of `items` or of `deliver`. What came before it has been delivered.
pub fn run<T: Send, O: Send, E: Send>(
    items: impl Iterator<Item = Result<T, E>> + Send,
    weight: impl Fn(&T) -> usize + Send,
    most: usize,
    work: impl Fn(T) -> O + Sync,
    mut deliver: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let budget = Budget { state: Mutex::default(), changed: Condvar::new(), most };
    let (budget, work) = (&budget, &work);
    thread::scope(|threads| {
        let (done, outcomes) = channel();
        threads.spawn(move || read(items, weight, budget, work, done));
        let _stop = Stop(budget);
        in_order(&outcomes, |(bytes, outcome)| {
            outcome?.into_iter().try_for_each(&mut deliver)?;
            budget.give(bytes);
            Ok(())
        })
    })
}

/// Reads the items, and sends what comes of them with the number of their group.
fn read<T: Send, O: Send, E: Send>(
    mut items: impl Iterator<Item = Result<T, E>>,
    weight: impl Fn(&T) -> usize,
    budget: &Budget,
    work: &(impl Fn(T) -> O + Sync),
    done: Sender<(u64, Outcome<O, E>)>,
) {
    let most = GROUP.min(budget.most / 4);
    rayon::in_place_scope(|workers| {
        for number in 0.. {
            let (mut group, mut bytes, mut end) = (Vec::new(), 0, None);
            while bytes <= most && end.is_none() {
                match items.next() {
                    Some(Ok(item)) => {
                        // Even what is empty takes some.
                        bytes += weight(&item) + 64;
                        group.push(item);
                    }
                    Some(Err(error)) => end = Some(Err(error)),
                    None => end = Some(Ok(())),
                }
            }
            let (on, sender) = (budget.take(bytes), done.clone());
            if !on {
                return;
            }
            // Who delivers may have gone, which the budget tells.
            workers.spawn(move |_| {
                let _ = sender.send((number, (bytes, Ok(group.into_iter().map(work).collect()))));
            });
            match end {
                None => {}
                Some(Ok(())) => return,
                Some(Err(error)) => {
                    let _ = done.send((number + 1, (0, Err(error))));
                    return;
                }
            }
        }
    });
}

/// Takes what arrives in any order in the order of its numbers.
fn in_order<T, E>(arriving: &Receiver<(u64, T)>, mut take: impl FnMut(T) -> Result<(), E>) -> Result<(), E> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, arrived) in arriving {
        waiting.insert(number, arrived);
        while let Some(arrived) = waiting.remove(&next) {
            next += 1;
            take(arrived)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn items_come_out_in_their_order_whatever_the_budget() {
        for most in [1, 1000, 1 << 30] {
            let mut out = Vec::new();
            let weight = |n: &usize| n % 37 * 100;
            let keep = |n| {
                out.push(n);
                Ok::<(), ()>(())
            };
            run((0..1000).map(Ok), weight, most, |n| n * 2, keep).unwrap();
            assert_eq!(out, (0..1000).map(|n| n * 2).collect::<Vec<_>>(), "{most}");
        }
    }

    #[test]
    fn no_more_is_held_than_the_budget() {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items = (0..2000).map(|_| {
            most.fetch_max(held.fetch_add(1000, Ordering::SeqCst) + 1000, Ordering::SeqCst);
            Ok(())
        });
        let give = |()| {
            held.fetch_sub(1000, Ordering::SeqCst);
            Ok::<(), ()>(())
        };
        run(items, |()| 1000, 20_000, |()| (), give).unwrap();
        // One group is read before it asks, and another delivered before it gives back.
        assert!(most.load(Ordering::SeqCst) <= 20_000 + 3 * 6000, "{most:?}");
    }

    #[test]
    fn what_fails_ends_the_run_after_what_came_before() {
        let mut seen = 0;
        let mut until = |most, error: &'static str| {
            seen += 1;
            if seen % 100 == most { Err(error) } else { Ok(()) }
        };
        let forever = std::iter::repeat_with(|| Ok(7));
        assert_eq!(run(forever, |_| 10, 1000, |n| n, |_| until(50, "full")), Err("full"));
        let broken = (0..49).map(Ok).chain([Err("cut off")]);
        assert_eq!(run(broken, |_| 10, 1000, |n| n, |_| until(0, "full")), Err("cut off"));
        assert_eq!(seen, 99);
    }
}
