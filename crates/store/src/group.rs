//! Many callers, one sync: whoever comes first leads and does the waiting work of all in one go; the others wait for their answers.
//!
//! While the leader is at the disk, the next callers queue; when it is done, one of them leads them all. So a lone caller waits
//! for one sync only, and a thousand callers for two at most.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// A queue of jobs of type `J` with answers of type `R`.
pub(crate) struct Group<J, R> {
    queue: Mutex<Queue<J, R>>,
    changed: Condvar,
}

struct Queue<J, R> {
    waiting: Vec<(J, Arc<Mutex<Option<R>>>)>,
    is_led: bool,
}

impl<J, R> Group<J, R> {
    pub(crate) fn new() -> Group<J, R> {
        let queue = Queue {
            waiting: Vec::new(),
            is_led: false,
        };
        Group {
            queue: Mutex::new(queue),
            changed: Condvar::new(),
        }
    }

    /// Hands in a job and waits for its answer. `lead` gets at most `jobs_max` jobs and answers all of them, in order;
    /// a job that it leaves without an answer (it panicked, or answered too few) gets `unanswered()`.
    pub(crate) fn run(
        &self,
        job: J,
        jobs_max: usize,
        lead: impl FnOnce(Vec<J>) -> Vec<R>,
        unanswered: impl Fn() -> R,
    ) -> R {
        let mine = Arc::new(Mutex::new(None));
        let mut queue = held(&self.queue);
        queue.waiting.push((job, Arc::clone(&mine)));
        loop {
            if let Some(answer) = held(&mine).take() {
                return answer;
            }
            // Not led, and without an answer: the job is still in the queue, since a leader answers before it steps down.
            if !queue.is_led {
                break;
            }
            queue = self
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        queue.is_led = true;
        let count = queue.waiting.len().min(jobs_max.max(1));
        let mut taken: Vec<_> = queue.waiting.drain(..count).collect();
        // The leader's own job goes with it even when the queue is longer than the limit.
        if !taken.iter().any(|(_, slot)| Arc::ptr_eq(slot, &mine))
            && let Some(at) = queue
                .waiting
                .iter()
                .position(|(_, slot)| Arc::ptr_eq(slot, &mine))
        {
            taken.push(queue.waiting.remove(at));
        }
        drop(queue);
        self.answer(taken, lead, &unanswered);
        held(&mine).take().unwrap_or_else(unanswered)
    }

    fn answer(
        &self,
        taken: Vec<(J, Arc<Mutex<Option<R>>>)>,
        lead: impl FnOnce(Vec<J>) -> Vec<R>,
        unanswered: &impl Fn() -> R,
    ) {
        let (jobs, slots): (Vec<J>, Vec<_>) = taken.into_iter().unzip();
        let led = Led {
            group: self,
            slots,
            unanswered,
        };
        for (slot, answer) in led.slots.iter().zip(lead(jobs)) {
            *held(slot) = Some(answer);
        }
    }
}

/// Steps down when dropped, so that a panic of the leader leaves nobody waiting for ever.
struct Led<'a, J, R, F: Fn() -> R> {
    group: &'a Group<J, R>,
    slots: Vec<Arc<Mutex<Option<R>>>>,
    unanswered: &'a F,
}

impl<J, R, F: Fn() -> R> Drop for Led<'_, J, R, F> {
    fn drop(&mut self) {
        for slot in &self.slots {
            held(slot).get_or_insert_with(self.unanswered);
        }
        held(&self.group.queue).is_led = false;
        self.group.changed.notify_all();
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
