/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/heartbeat-stream.h"
#include "measure/run.h"
#include "virt/console.h"

/* One opened console of a guest. Its heartbeats are counted, what else it says goes into the
 * result's console log. */
typedef struct _MigConsoleReader MigConsoleReader;

/* Called for each whole line, in the event loop's thread. (L) TRUE: somebody may wait for it. */
typedef gboolean (*MigConsoleLineFunc) (MigConsoleReader *reader, const MigLine *line,
                                        const char *text, gint64 arrival_ns, gpointer data);

/* mig_console_reader_open: of the guest that the study calls by that name. before: the reader that
 * this one continues; NULL: none. Errors: the console cannot be opened. */
MigConsoleReader *mig_console_reader_open (MigRun *run, const MigRunHost *host, MigGuest *guest,
                                           const char *name, MigConsoleReader *before,
                                           MigConsoleLineFunc func, gpointer data, GError **error);
/* mig_console_reader_write: bytes for the guest; lost where the console has ended. (L) */
void mig_console_reader_write (MigConsoleReader *reader, const char *data, gsize size);
/* mig_console_reader_end: hangs up once all that has arrived is read. (L) */
void mig_console_reader_end (MigConsoleReader *reader);
/* mig_console_reader_close: no line comes any more; not under the lock. */
void mig_console_reader_close (MigConsoleReader *reader);
void mig_console_reader_free (MigConsoleReader *reader);

const MigRunHost *mig_console_reader_host (const MigConsoleReader *reader);
/* mig_console_reader_log: (L) the file of the result that holds what it has said; NULL: nothing
 * yet.
 */
const char *mig_console_reader_log (const MigConsoleReader *reader);
const MigHeartbeatStream *mig_console_reader_stream (const MigConsoleReader *reader); /* (L) */
gint64 mig_console_reader_ended (const MigConsoleReader *reader); /* (L) missing: it goes on */
