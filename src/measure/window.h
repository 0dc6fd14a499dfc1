/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/repetition.h"

/* The window of a repetition: its baseline, its migrations, what follows them. */
typedef struct {
  gint64 baseline_ns; /* before the first migration */
  gint64 length_ns;   /* of all, at least */
  gboolean observes;  /* its row says what observing took */
  gboolean goes_on;   /* whatever becomes of hosts and guests: the caller looks after that */
  void (*begun) (MigRepetition *repetition);         /* NULL: nothing to do */
  void (*baseline_over) (MigRepetition *repetition); /* the same */
  /* The migrations; returns when they are over. FALSE: one failed, which is a result; or, with
   * error, the run has to stop. */
  gboolean (*migrate) (MigRepetition *repetition, gpointer data, GError **error);
  gpointer data;
} MigWindow;

/* mig_window_measure: phase by phase; the repetition's record has the times. Errors: the run has to
 * stop, or a guest failed before its migration. */
gboolean mig_window_measure (MigRepetition *repetition, const MigWindow *window, GError **error);
