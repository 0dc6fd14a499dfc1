/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/document.h"
#include "report/json-write.h"

/* Which guests can be moved: a table, a row for each reason; nothing where verdicts (of
 * MigGuestVerdict) is NULL. */
void mig_verdicts_add (MigBlock *parent, const GPtrArray *verdicts);

/* mig_verdicts_json: the member "guests". */
void mig_verdicts_json (MigJson *json, const GPtrArray *verdicts);
