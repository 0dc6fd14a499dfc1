/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/json-write.h"
#include "report/loaded-result.h"

/* Parts of the report's JSON, each in the object that was begun. */

/* mig_json_started: member "started_utc" of a MigLoadedResult. */
void mig_json_started (MigJson *json, gconstpointer result);

/* mig_json_findings: members "answers", "conclusions", "recommendations" and "paper";
 * mig_json_accuracy: "predictions". */
void mig_json_findings (MigJson *json, const MigLoadedResult *result);
void mig_json_accuracy (MigJson *json, const MigAccuracy *accuracy);
