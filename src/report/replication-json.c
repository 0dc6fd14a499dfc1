/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "report/replication.h"
#include "report/run-json.h"

#define JSON_FORMAT 1

#define RECORD MigClaim
static const MigJsonMember claim_members[] = {
  MIG_JSON ("conclusion", COUNT, conclusion),
  MIG_JSON ("figure", TEXT, figure),
  MIG_JSON ("what", TEXT, subject),
  MIG_JSON ("quantity", TEXT, quantity),
  MIG_JSON ("unit", TEXT, unit),
  MIG_JSON ("paper", NUMBER, paper),
  MIG_JSON ("paper_says", TEXT, says),
  MIG_JSON ("claim", TEXT, claim),
  MIG_JSON ("of_rates", BOOLEAN, of_rates),
  MIG_JSON_END,
};
#undef RECORD

#define RECORD MigClaimFinding
static const MigJsonMember finding_members[] = {
  MIG_JSON_WORD ("verdict", verdict, mig_claim_verdict_id),
  MIG_JSON ("value", NUMBER, value),
  MIG_JSON ("ci95_low", NUMBER, low),
  MIG_JSON ("ci95_high", NUMBER, high),
  MIG_JSON ("n", COUNT, n),
  MIG_JSON ("case_a", TEXT, case_a),
  MIG_JSON ("case_b", TEXT, case_b),
  MIG_JSON ("quantity", TEXT, quantity),
  MIG_JSON ("class", TEXT, class_name),
  MIG_JSON ("comparisons", COUNT, n_tests),
  MIG_JSON ("comparisons_supporting", COUNT, n_hold),
  MIG_JSON ("more_repetitions", INTEGER, more_repetitions),
  MIG_JSON ("more_s", NUMBER, more_s),
  MIG_JSON ("leans_against", BOOLEAN, leans_against),
  MIG_JSON_END,
};
#undef RECORD

static void
add_set (MigJson *json, const MigReplicationSet *set, guint number)
{
  const MigManifest *manifest = &set->result->manifest;
  g_autofree char *text = mig_replication_set_text (set);

  mig_json_begin_object (json, NULL);
  mig_json_integer (json, "result", number);
  mig_json_text (json, "platform", set->platform);
  mig_json_text (json, "study_name", manifest->study_name);
  mig_json_number (json, "scale", mig_manifest_scale (manifest));
  mig_json_text (json, "guests_start", mig_replication_start (set));
  mig_json_started (json, set->result);
  mig_json_text (json, "tool_version", manifest->tool_version);
  mig_json_boolean (json, "tests_claims", set->result->tests_paper);
  mig_json_boolean (json, "rates_stand", !mig_replication_rates_disturbed (set));
  mig_json_boolean (json, "has_order_map", set->result->order_map->len > 0);
  mig_json_text (json, "text", text);
  mig_json_end_object (json);
}

static void
add_best (MigJson *json, const MigReplication *self, guint claim)
{
  mig_json_begin_array (json, "platforms");
  for (guint column = 0; column < self->table->columns->len; column++)
    {
      const MigClaimCell *cell = mig_claim_table_at (self->table, claim, column);
      mig_json_begin_object (json, NULL);
      mig_json_text (json, "platform", self->table->columns->pdata[column]);
      mig_json_integer (json, "result", cell->set + 1);
      mig_json_boolean (json, "rates_disturbed", cell->marked);
      mig_json_boolean (json, "disputed", cell->disputed);
      mig_json_members (json, finding_members, &cell->finding);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

/* add_all: what every result says of it. */
static void
add_all (MigJson *json, const MigReplication *self, guint claim)
{
  mig_json_begin_array (json, "results");
  for (guint i = 0; i < self->n_testing; i++)
    {
      const MigClaimSource source = mig_replication_source (self->sets->pdata[i]);
      const MigClaimFinding finding = mig_claim_find (claim, &source);
      if (finding.verdict == MIG_CLAIM_UNTESTED)
        continue;
      mig_json_begin_object (json, NULL);
      mig_json_integer (json, "result", i + 1);
      mig_json_members (json, finding_members, &finding);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
}

char *
mig_replication_json (const MigReplication *self)
{
  MigJson document = { .out = g_string_new (NULL) }, *json = &document;

  mig_json_begin_object (json, NULL);
  mig_json_integer (json, "format", JSON_FORMAT);
  mig_json_begin_array (json, "results");
  for (guint i = 0; i < self->sets->len; i++)
    add_set (json, self->sets->pdata[i], i + 1);
  mig_json_end_array (json);
  mig_json_begin_array (json, "claims");
  for (guint i = 0; i < mig_claims_count (); i++)
    {
      const MigClaim claim = mig_claim_at (i);
      mig_json_begin_object (json, NULL);
      mig_json_members (json, claim_members, &claim);
      add_best (json, self, i);
      add_all (json, self, i);
      mig_json_end_object (json);
    }
  mig_json_end_array (json);
  mig_json_end_object (json);
  return g_string_free (document.out, FALSE);
}
