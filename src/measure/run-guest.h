/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "hosts/server.h"
#include "measure/guest-console.h"

/* One guest in one repetition. */
typedef struct _MigRunGuest MigRunGuest;

MigRunGuest *mig_run_guest_new (MigRun *run, const MigStudyGuest *guest, gboolean migrates);
void mig_run_guest_free (MigRunGuest *run_guest);

/* What does not change: the guest as the study has it; its UUID, known once it has been started or
 * taken: a domain of another one is somebody else's, whatever its name; the host where it started.
 */
const MigStudyGuest *mig_run_guest_study (const MigRunGuest *run_guest);
const char *mig_run_guest_name (const MigRunGuest *run_guest);
const char *mig_run_guest_uuid (const MigRunGuest *run_guest);
const MigRunHost *mig_run_guest_home (const MigRunGuest *run_guest);

/* mig_run_guest_has_network: it has a card, on the lab's LAN (mig_run_guest_in_lab) or the study's
 * network; mig_run_guest_index: which of the study's guests it is, from 0; mig_run_guest_address:
 * its address there; the caller frees it.
 * mig_run_guest_probe: how clients ask it (probe-spec.h); the caller frees it; NULL: they do not.
 */
gboolean mig_run_guest_in_lab (const MigRunGuest *run_guest);
gboolean mig_run_guest_has_network (const MigRunGuest *run_guest);
guint mig_run_guest_index (const MigRunGuest *run_guest);
char *mig_run_guest_address (const MigRunGuest *run_guest);
char *mig_run_guest_probe (const MigRunGuest *run_guest);

/* mig_run_guest_server: what it serves besides; NULL: nothing. */
const MigServer *mig_run_guest_server (const MigRunGuest *run_guest);

/* mig_run_guest_macs: of its network cards; NULL-ended, never NULL; the caller frees it with
 * g_strfreev(). Asks the host of one that was there. */
char **mig_run_guest_macs (MigRunGuest *run_guest);

/* ---- start and end ---- */

/* mig_run_guest_start: restored or booted, paused, in a thread of its own; mig_run_guest_join()
 * waits for that thread. One that was there is taken instead. */
void mig_run_guest_start (MigRunGuest *run_guest);
gboolean mig_run_guest_join (MigRunGuest *run_guest, GError **error);
/* mig_run_guest_is_worth_saving: it has booted, and a later repetition can restore it.
 * mig_run_guest_save: ends it, in a thread of its own that mig_run_guest_join() waits for.
 * mig_run_guest_is_saving: (L) that goes on. mig_run_guest_abort_save: asks it to end; refused
 * where it has not begun. */
gboolean mig_run_guest_is_worth_saving (const MigRunGuest *run_guest);
void mig_run_guest_save (MigRunGuest *run_guest);
gboolean mig_run_guest_is_saving (const MigRunGuest *run_guest);
void mig_run_guest_abort_save (MigRunGuest *run_guest);
gboolean mig_run_guest_resume (MigRunGuest *run_guest, GError **error);
/* mig_run_guest_pin: to the CPUs that the case has for the host where it is; one that was there
 * only where the study says so, and what the case does not pin back to what it had. */
gboolean mig_run_guest_pin (MigRunGuest *run_guest, GError **error);
/* mig_run_guest_runs_pinned: it has been since before it ran: it was restored. */
gboolean mig_run_guest_runs_pinned (const MigRunGuest *run_guest);
/* mig_run_guest_make_disk: of one that has a disk: its path on that host, where it is made if no
 * earlier call did. NULL with error: it cannot be. */
const char *mig_run_guest_make_disk (MigRunGuest *run_guest, const MigRunHost *host,
                                     GError **error);
/* mig_run_guest_note_domain: what the undo stack has to know before it may come to be on a host. */
gboolean mig_run_guest_note_domain (MigRunGuest *run_guest, const MigRunHost *host, GError **error);
/* mig_run_guest_destroy: wherever it may be, in a thread of its own that mig_run_guest_join() waits
 * for; never one that was there. */
void mig_run_guest_destroy (MigRunGuest *run_guest);
void mig_run_guest_write (const MigRunGuest *run_guest); /* its row in guests.csv */

/* ---- where it is ---- */

/* mig_run_guest_where: by the hypervisor's word. (L) */
const MigRunHost *mig_run_guest_where (const MigRunGuest *run_guest);
/* mig_run_guest_is_lost: it is not known to be on one host. (L) */
gboolean mig_run_guest_is_lost (const MigRunGuest *run_guest);
/* mig_run_guest_set_where: host NULL: it is lost. (L) */
void mig_run_guest_set_where (MigRunGuest *run_guest, const MigRunHost *host);
/* mig_run_guest_moved: it is this domain now (taken), and left its host at that time. (L) */
void mig_run_guest_moved (MigRunGuest *run_guest, const MigRunHost *to, MigGuest *moved,
                          gint64 left_ns);
/* mig_run_guest_add_handle: a domain that it may be (taken). (L) */
void mig_run_guest_add_handle (MigRunGuest *run_guest, MigGuest *guest);
/* mig_run_guest_handle: the domain on that host; NULL: none is known. It lives until the repetition
 * ends. (L) */
MigGuest *mig_run_guest_handle (const MigRunGuest *run_guest, const MigRunHost *host);

/* ---- what it says ---- */

MigGuestConsole *mig_run_guest_console (const MigRunGuest *run_guest);
/* mig_run_guest_is_ready: (L) it has said so. */
gboolean mig_run_guest_is_ready (const MigRunGuest *run_guest);
/* mig_run_guest_broken_console: the first that ended while the guest was there; NULL: none. (L) */
const MigConsoleReader *mig_run_guest_broken_console (const MigRunGuest *run_guest);

/* mig_run_guest_note_start: (L) a host says that it has come to be there. A guest that is restored
 * has the UUID of those before it, of which a host may still have something to say: that they
 * stopped. mig_run_guest_is_expected: (L) its host has not said so yet. */
void mig_run_guest_note_start (MigRunGuest *run_guest, const MigHost *host);
gboolean mig_run_guest_is_expected (const MigRunGuest *run_guest);

/* mig_run_guest_end: (L) its domain ended by itself, as its host says. mig_run_guest_ended: (L)
 * what that was; NULL: it did not. mig_run_guest_failed: (L) that, or what it says itself. */
void mig_run_guest_end (MigRunGuest *run_guest, const char *detail);
const char *mig_run_guest_ended (const MigRunGuest *run_guest);
gboolean mig_run_guest_failed (const MigRunGuest *run_guest, GError **error);

/* ---- what it does to its memory (dirty-rate.c) ---- */

/* mig_run_guest_start_dirty_rate, mig_run_guest_read_dirty_rate: the hypervisor's word on the
 * memory that a guest updates which migrates or was there before; begun and read at the two ends of
 * the baseline. */
void mig_run_guest_start_dirty_rate (MigRunGuest *run_guest);
void mig_run_guest_read_dirty_rate (MigRunGuest *run_guest);

/* ---- one that was there before (existing.c) ---- */

/* mig_run_guest_take: in place of its start: whichever runs under its UUID, or, where that is not
 * known yet, its name. Errors: EXISTS, FAILED: it cannot be told, or moved, safely. */
gboolean mig_run_guest_take (MigRunGuest *run_guest, GError **error);
/* mig_run_guest_adopt: it is this domain (taken), as was found out by others. */
void mig_run_guest_adopt (MigRunGuest *run_guest, MigGuest *guest);
/* mig_run_guest_tell: asks all hosts where it is now, whatever happened, and says it. */
void mig_run_guest_tell (MigRunGuest *run_guest);
