/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "virt/guest.h"

/* A guest's console, read and written through a libvirt stream. */
typedef struct _MigConsole MigConsole;

/* Called in the event loop's thread with what arrived; size 0: the stream has ended (reason: NULL
 * for a normal end). arrival_ns: mig_clock_now() at arrival. */
typedef void (*MigConsoleFunc) (const char *data, gsize size, gint64 arrival_ns, const char *reason,
                                gpointer user);

/* mig_console_open: errors: UNSUPPORTED where the console is not there yet (try again), FAILED. */
MigConsole *mig_console_open (MigGuest *guest, MigConsoleFunc func, gpointer user, GError **error);

/* mig_console_write: bytes for the guest, from any thread, under any lock. They are sent from the
 * event loop's thread; what cannot be sent, the console having ended, is dropped: whoever writes
 * sees by the guest's answer. Not after mig_console_close(). */
void mig_console_write (MigConsole *console, const char *data, gsize size);

/* mig_console_end: hangs up once what has arrived is delivered; the function is told of the end.
 * From any thread, under any lock. Not after mig_console_close(). */
void mig_console_end (MigConsole *console);

/* mig_console_close: after it returns the function is not called any more. Not from the callback.
 */
void mig_console_close (MigConsole *console);
