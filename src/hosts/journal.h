/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The text of an undo journal, both ways. Pure: no I/O. One line per change to a host or per change
 * taken back, fields separated by tabs:
 *
 *   did ID KIND URI VALUE      (KIND "domain": VALUE "NAME UUID"; "management-pin": the CPU maps;
 * "upload": "PLACE/VOLUME", of a shared one "PLACE/VOLUME MARK"; "pool": its name; "guest-pin":
 * "UUID MAPS NAME"; older ones have no mark, and no name; "max-downtime": "UUID NS NAME")
 *   undid ID
 */
typedef enum {
  MIG_CHANGE_DOMAIN,
  MIG_CHANGE_MANAGEMENT_PIN,
  MIG_CHANGE_UPLOAD,
  MIG_CHANGE_POOL,
  MIG_CHANGE_GUEST_PIN,
  MIG_CHANGE_MAX_DOWNTIME,
  MIG_N_CHANGES
} MigChangeKind;

const char *mig_change_name (MigChangeKind kind);

/* mig_journal_value_text: what was changed, for people; the caller frees it. */
char *mig_journal_value_text (MigChangeKind kind, const char *value);

/* mig_journal_did, mig_journal_undid: one line with its line break; the caller frees it. */
char *mig_journal_did (guint id, MigChangeKind kind, const char *uri, const char *value);
char *mig_journal_undid (guint id);

/* mig_journal_read: what was done and not undone, in the order in which it was done, through a
 * callback; its strings are valid during the call only. Lines of any other form (half-written by a
 * crash, of another version, damaged) are passed over: taking back something that was never done is
 * worse. */
typedef void (*MigChangeFunc) (guint id, MigChangeKind kind, const char *uri, const char *value,
                               gpointer data);
void mig_journal_read (const char *text, MigChangeFunc func, gpointer data);
