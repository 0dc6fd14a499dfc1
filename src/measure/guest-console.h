/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/console-reader.h"
#include "virt/guest.h"

/* What one guest says in one repetition, on whichever host: its consoles, its heartbeats and the
 * period that it is asked to keep. A guest that was there before is not listened to. */
typedef struct _MigGuestConsole MigGuestConsole;

/* What decides how its repetition goes on. */
typedef struct {
  gboolean ready; /* of one that was there: from the beginning */
  char *fatal;    /* its own last word; NULL: none */
  char *alarm;    /* first sign of damage; NULL: none */
} MigGuestSigns;

MigGuestConsole *mig_guest_console_new (MigRun *run, const MigStudyGuest *guest);
void mig_guest_console_free (MigGuestConsole *console);

/* mig_guest_console_open: on a host where it has come to be. mig_guest_console_close: all of them;
 * not under the lock. */
MigConsoleReader *mig_guest_console_open (MigGuestConsole *console, const MigRunHost *host,
                                          MigGuest *guest, GError **error);
void mig_guest_console_close (MigGuestConsole *console);
/* mig_guest_console_readers: of MigConsoleReader, as they were opened. (L) */
const GPtrArray *mig_guest_console_readers (const MigGuestConsole *console);
MigConsoleReader *mig_guest_console_last (const MigGuestConsole *console); /* (L) NULL: none yet */

const MigGuestSigns *mig_guest_console_signs (const MigGuestConsole *console); /* (L) */
/* mig_guest_console_set_alarm: (L) unless there is one already. */
void mig_guest_console_set_alarm (MigGuestConsole *console, const char *kind, const char *text);

/* mig_guest_console_want_period: (L) it is to beat at that one; asked for as often as it takes. */
void mig_guest_console_want_period (MigGuestConsole *console, gint64 period_ns);
/* mig_guest_console_expect_heartbeat: it was restored: it has said before that it is ready, and is
 * so again with its first heartbeat. mig_guest_console_wake: (L) asks for a heartbeat now: for that
 * one, once it runs; for one after the window's end. */
void mig_guest_console_expect_heartbeat (MigGuestConsole *console);
void mig_guest_console_wake (MigGuestConsole *console);
/* mig_guest_console_call: (L) a line waits for it on the destination, which it has to answer at
 * once: its first sign of life there, where it would not beat soon by itself. */
void mig_guest_console_call (MigGuestConsole *console, MigConsoleReader *destination);
/* mig_guest_console_last_heartbeat: (L) arrival; missing: it has sent none. */
gint64 mig_guest_console_last_heartbeat (const MigGuestConsole *console);

/* mig_guest_console_is_steady: (L) its throughput has been for a while: measure/steady-state.h.
 * mig_guest_console_forget_rates: (L) what was measured so far says nothing of that. */
gboolean mig_guest_console_is_steady (const MigGuestConsole *console);
void mig_guest_console_forget_rates (MigGuestConsole *console);

/* mig_guest_console_count: what its row in guests.csv says of heartbeats. */
void mig_guest_console_count (const MigGuestConsole *console, MigGuestRecord *record);
