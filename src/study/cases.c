/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/case-builder.h"
#include "study/orders.h"
#include "study/prediction.h"
#include "base/xml.h"

/* add_move: "c1" or "c1>host3". */
static gboolean
add_move (MigCaseBuilder *builder, const char *text, gboolean parallel, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ">", 2);
  const MigStudyHost *destination = NULL;

  if (!parts[0] || !*parts[0] || (parts[1] && !*parts[1]))
    return mig_node_error (error, builder->node,
                           "'%s' in sequence is not a move; expected a guest, like c1, or c1>host",
                           text);
  const MigStudyGuest *guest = mig_read_guest_named (builder->study, builder->node, parts[0],
                                                     error);
  if (!guest)
    return FALSE;
  if (parts[1] &&
      !(destination = mig_read_host_named (builder->study, builder->node, parts[1], error)))
    return FALSE;
  return mig_case_add_move (builder, guest, destination, parallel, error);
}

/* add_step: "c1+m1". */
static gboolean
add_step (MigCaseBuilder *builder, const char *text, GError **error)
{
  g_auto (GStrv) moves = g_strsplit (text, "+", -1);

  for (guint i = 0; moves[i]; i++)
    if (!add_move (builder, moves[i], i > 0, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_steps (MigCaseBuilder *builder, GError **error)
{
  g_autofree char *text = mig_node_text (builder->node);
  g_auto (GStrv) steps = g_strsplit_set (text, " \t\r\n", -1);

  for (guint i = 0; steps[i]; i++)
    if (*steps[i] && !add_step (builder, steps[i], error))
      return FALSE;
  if (builder->moves == 0)
    return mig_node_error (error, builder->node,
                           "an empty sequence; expected guests, like 'c1 m1' or 'c1+m1'");
  return TRUE;
}

static gboolean
read_sequence (MigStudy *study, const xmlNode *node, GError **error)
{
  const MigStudyHost *to = NULL;
  MigCaseBuilder builder;

  if (!mig_read_destination (study, node, &to, error))
    return FALSE;
  mig_case_begin (&builder, study, node, to);
  gboolean ok = add_steps (&builder, error) &&
                mig_read_prediction (study, node, builder.study_case, error) &&
                mig_case_end (&builder, error);
  mig_case_clear (&builder);
  return ok;
}

gboolean
mig_read_cases (MigStudy *study, const xmlNode *root, GError **error)
{
  xmlNode *cases = mig_node_next (root->children, "cases");

  if (!cases)
    return mig_node_error (error, root, "no <cases>; expected at least one case");
  study->concurrency = 1;
  if (!mig_read_count (cases, "concurrency", 1, MIG_STUDY_MAX_OBJECTS, &study->concurrency, error))
    return FALSE;
  for (xmlNode *n = mig_node_next (cases->children, NULL); n; n = mig_node_next (n->next, NULL))
    if (mig_node_is (n, "sequence") ? !read_sequence (study, n, error)
                                    : !mig_read_orders (study, n, error))
      return FALSE;
  if (study->cases->len == 0)
    return mig_node_error (error, cases, "no case; expected at least one sequence or orders");
  return TRUE;
}
