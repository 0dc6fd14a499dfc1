/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/json-write.h"
#include "report/loaded-result.h"

/* What a run says of the claims that its study tests. */

/* mig_decided_claims_text: which of them are supported, refuted and undecided, and what would
 * decide these: how many more repetitions and how long they would take, or in brief how many in
 * all; NULL: it tests none. The caller frees it. */
char *mig_decided_claims_text (const MigLoadedResult *result, gboolean brief);

/* mig_json_claims: member "claims", where the study tests some. */
void mig_json_claims (MigJson *json, const MigLoadedResult *result);
