/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define MIG_ERROR (mig_error_quark ())
GQuark mig_error_quark (void);

/* What kind of failure it was; the text is for people, the code decides the exit status and the
 * reaction of the caller. */
typedef enum {
  MIG_ERROR_FAILED,  /* something that should have worked did not */
  MIG_ERROR_USAGE,   /* the command line is wrong: exit status 2 */
  MIG_ERROR_INVALID, /* a file, a guest's output or a hypervisor's answer is not as it must be */
  MIG_ERROR_UNSUPPORTED, /* this connection, machine or version cannot do it */
  MIG_ERROR_EXISTS,      /* would overwrite or clash */
  MIG_ERROR_TIMEOUT,     /* did not happen in time */
  MIG_ERROR_INTERRUPTED, /* the user asked to stop */
  MIG_ERROR_DAMAGED,     /* a guest came out of a migration damaged */
} MigErrorCode;

/* mig_error_of_option: ok; where that is FALSE the error becomes one of the command line, USAGE,
 * and its message begins with "--NAME: ". */
gboolean mig_error_of_option (gboolean ok, const char *name, GError **error);

/* mig_error_set_errno: like g_set_error with MIG_ERROR_FAILED; appends ": " and the text of errnum.
 */
void mig_error_set_errno (GError **error, int errnum, const char *format, ...) G_GNUC_PRINTF (3, 4);
