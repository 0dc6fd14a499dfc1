/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "measure/repetition.h"

/* mig_case_run: one repetition of a case, from the start of its guests to their end: baseline,
 * migrations step by step, the time behind them. cases: of MigStudyCase, all that the run has. On
 * the disk when it returns. *sound: all went as it should. FALSE: going on makes no sense. */
gboolean mig_case_run (MigRepetition *repetition, const MigStudyCase *study_case,
                       const GPtrArray *cases, gboolean *sound, GError **error);
