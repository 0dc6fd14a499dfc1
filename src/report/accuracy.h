/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/accuracy.h"
#include "report/document.h"

#define MIG_ACCURACY_HEADING "Predicted and measured"

/* mig_accuracy_summarise: how good predictions are that were held to measurements, and whether the
 * best order was found, in sentences. mig_accuracy_tabulate: the tables behind that, each below its
 * heading. */
void mig_accuracy_summarise (MigBlock *section, const MigAccuracy *accuracy);
void mig_accuracy_tabulate (MigBlock *section, const MigAccuracy *accuracy);
