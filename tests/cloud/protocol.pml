/* The protocol of lp::cloud (exec/cloud/slot.hpp, ledger.hpp) on small graphs, for spin.
 *
 * Checked in every order of steps, with CRASHES workers that die between any two of them and
 * EXPIRIES leases that end under workers that live:
 *   - no task is lost: nobody waits for ever, so the run is done in the end;
 *   - no value is read before it is stored, nor when it has been removed, by a task that counts;
 *   - the end is announced once, when every task has finished.
 * BROKEN_ORDER, BROKEN_REPEAT, BROKEN_LEASE and BROKEN_GC are wrong protocols, which spin must find
 * wrong.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef EXPIRIES
#define EXPIRIES 1
#endif

/* edge(a, b): b reads the value of a. Tasks are numbered so that a < b. */
#ifdef CHAIN
#define TASKS 3
#define edge(a, b) ((b) == (a) + 1)
#else
/* A diamond, whose first value has three readers. */
#define TASKS 4
#define edge(a, b) ((a) == 0 && (b) > 0 || ((a) == 1 || (a) == 2) && (b) == 3)
#endif

#define EACH(i) for (i : 0 .. TASKS - 1)

bool ready[TASKS], leased[TASKS], orphan[TASKS], finished[TASKS];
bool stored[TASKS], removed[TASKS];
byte missing[TASKS], readers[TASKS];
byte done_tasks = 0, announcements = 0, crashes = 0, expiries = 0;
bool is_done = false, is_begun = false;

inline begin() {
  d_step {
    EACH(i) {
      EACH(j) {
        if
        :: i < j && edge(i, j) -> missing[j]++; readers[i]++
        :: else
        fi
      }
    }
    EACH(i) { ready[i] = (missing[i] == 0) }
    is_begun = true; i = 0; j = 0
  }
}

/* One step of the ledger. */
inline complete() {
  d_step {
    leased[task] = false; orphan[task] = false;
    if
#ifdef BROKEN_REPEAT
    :: true ->
#else
    :: !finished[task] ->
#endif
       ready[task] = false;
       finished[task] = true;
       done_tasks++;
       EACH(i) {
         if
         :: i > task && edge(task, i) ->
            missing[i]--;
            ready[i] = (missing[i] == 0)
         :: else
         fi;
         if
         :: i < task && edge(i, task) ->
            readers[i]--;
            dead[i] = (readers[i] == 0)
         :: else
         fi
       }
       if
       :: done_tasks == TASKS -> announcements++; is_done = true
       :: else
       fi
    :: else ->
#ifndef BROKEN_GC
       dead[task] = (readers[task] == 0)
#else
       dead[task] = true
#endif
    fi;
    i = 0
  }
}

#define may_die if :: crashes < CRASHES -> crashes++; orphan[task] = leased[task]; goto again :: true fi

active [WORKERS] proctype worker() {
  byte task = 0, i = 0, j = 0;
  bool dead[TASKS], moot;

  atomic {
    if
    :: !is_begun -> begin()
    :: else
    fi
  }

again:
  skip;
  d_step { EACH(i) { dead[i] = false } moot = false; i = 0 }
take:
  atomic {
    if
    :: is_done -> goto over
    :: ready[0] -> task = 0
    :: ready[1] -> task = 1
    :: ready[2] -> task = 2
#if TASKS > 3
    :: ready[3] -> task = 3
#endif
    fi;
    ready[task] = false;
    leased[task] = true
  }

  /* read: each value, or give up if the task has been finished by another */
  j = 0;
  do
  :: j < TASKS && j < task && edge(j, task) ->
     atomic { may_die };
     atomic {
       if
       :: stored[j]
       :: !stored[j] ->
          if
          :: finished[task] -> moot = true
          :: else -> assert(removed[j] == false || finished[task]); assert(stored[j])
          fi
       fi
     };
     j++
  :: j < TASKS && !(j < task && edge(j, task)) -> j++
  :: j == TASKS -> break
  od;
  j = 0;
  if
  :: moot -> goto again
  :: else
  fi;

  /* run */
  atomic { may_die };

#ifndef BROKEN_ORDER
  /* store */
  if
  :: task < TASKS - 1 -> stored[task] = true
  :: else
  fi;
  atomic { may_die };
#endif

  complete();
  assert(announcements <= 1);
  atomic { may_die };

#ifdef BROKEN_ORDER
  if
  :: task < TASKS - 1 -> stored[task] = true
  :: else
  fi;
#endif

  /* remove what is dead */
  j = 0;
  do
  :: j < TASKS && dead[j] -> atomic { stored[j] = false; removed[j] = true }; j++
  :: j < TASKS && !dead[j] -> j++
  :: j == TASKS -> break
  od;
  j = 0;
  goto again;

over:
  assert(announcements == 1);
  EACH(i) { assert(finished[i]) }
}

/* Leases end: those of the dead always, those of the living EXPIRIES times. */
active proctype clock() {
  byte t = 0;
end:
  do
#ifndef BROKEN_LEASE
  :: atomic { is_begun && leased[0] && orphan[0] -> t = 0; leased[t] = false; orphan[t] = false; ready[t] = !finished[t] }
  :: atomic { is_begun && leased[1] && orphan[1] -> t = 1; leased[t] = false; orphan[t] = false; ready[t] = !finished[t] }
  :: atomic { is_begun && leased[2] && orphan[2] -> t = 2; leased[t] = false; orphan[t] = false; ready[t] = !finished[t] }
#if TASKS > 3
  :: atomic { is_begun && leased[3] && orphan[3] -> t = 3; leased[t] = false; orphan[t] = false; ready[t] = !finished[t] }
#endif
#endif
  :: atomic { is_begun && !is_done && expiries < EXPIRIES && leased[0] && !finished[0] -> expiries++; leased[0] = false; ready[0] = true }
  :: atomic { is_begun && !is_done && expiries < EXPIRIES && leased[1] && !finished[1] -> expiries++; leased[1] = false; ready[1] = true }
  :: atomic { is_begun && !is_done && expiries < EXPIRIES && leased[2] && !finished[2] -> expiries++; leased[2] = false; ready[2] = true }
#if TASKS > 3
  :: atomic { is_begun && !is_done && expiries < EXPIRIES && leased[3] && !finished[3] -> expiries++; leased[3] = false; ready[3] = true }
#endif
  od
}
