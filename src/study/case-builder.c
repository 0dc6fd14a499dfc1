/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/case-builder.h"
#include "study/prediction.h"
#include "base/xml.h"

static void
step_free (gpointer data)
{
  MigStudyStep *step = data;
  g_array_unref (step->moves);
  g_free (step);
}

void
mig_case_begin (MigCaseBuilder *b, MigStudy *study, const xmlNode *node, const MigStudyHost *to)
{
  *b = (MigCaseBuilder){ .study = study, .node = node, .to = to };
  b->study_case = g_new0 (MigStudyCase, 1);
  b->study_case->steps = g_ptr_array_new_with_free_func (step_free);
  b->study_case->line = mig_node_line (node);
  b->study_case->study = study;
  b->concurrency = study->concurrency;
  b->places = g_hash_table_new (NULL, NULL);
  b->label = g_string_new (NULL);
  b->detail = g_string_new (NULL);
  for (guint i = 0; i < study->workloads->len; i++)
    b->long_names |= strlen (((MigStudyWorkload *) study->workloads->pdata[i])->name) > 1;
}

void
mig_case_clear (MigCaseBuilder *b)
{
  g_clear_pointer (&b->study_case, mig_case_free);
  g_clear_pointer (&b->places, g_hash_table_unref);
  if (b->label)
    g_string_free (g_steal_pointer (&b->label), TRUE);
  if (b->detail)
    g_string_free (g_steal_pointer (&b->detail), TRUE);
}

static const MigStudyHost *
place_of (const MigCaseBuilder *b, const MigStudyGuest *guest)
{
  const MigStudyHost *place = g_hash_table_lookup (b->places, guest);
  return place ? place : guest->host;
}

static const MigStudyHost *
first_other (const MigStudy *study, const MigStudyHost *place)
{
  return study->hosts->pdata[study->hosts->pdata[0] == (gpointer) place ? 1 : 0];
}

/* last_step: the step that a move belongs to; a new one unless it is parallel. */
static MigStudyStep *
last_step (MigCaseBuilder *b, gboolean parallel)
{
  GPtrArray *steps = b->study_case->steps;

  if (!parallel || steps->len == 0)
    {
      MigStudyStep *step = g_new0 (MigStudyStep, 1);
      step->moves = g_array_new (FALSE, FALSE, sizeof (MigStudyMove));
      g_ptr_array_add (steps, step);
    }
  return steps->pdata[steps->len - 1];
}

static void
describe_move (MigCaseBuilder *b, const MigStudyGuest *guest, const MigStudyHost *destination,
               gboolean parallel)
{
  if (b->moves > 0)
    {
      g_string_append (b->label, parallel ? "+" : b->long_names ? "-" : "");
      g_string_append (b->detail, parallel ? "+" : "-");
    }
  g_string_append (b->label, guest->workload->name);
  g_string_append (b->detail, guest->name);
  if (destination)
    g_string_append_printf (b->detail, ">%s", destination->name);
}

gboolean
mig_case_add_move (MigCaseBuilder *b, const MigStudyGuest *guest, const MigStudyHost *destination,
                   gboolean parallel, GError **error)
{
  gboolean grouped = b->concurrency > 1 && b->moves % b->concurrency != 0;
  const MigStudyHost *place = place_of (b, guest);
  const MigStudyHost *named = destination ? destination : b->to;
  MigStudyStep *step = last_step (b, parallel || grouped);
  MigStudyMove move = { guest, named ? named : first_other (b->study, place) };

  if (parallel && b->concurrency > 1)
    return mig_node_error (
        error, b->node,
        "guest '%s' is joined by + and cases have a concurrency of %" G_GUINT64_FORMAT
        "; expected one of the two to say what moves at the same time",
        guest->name, b->concurrency);
  if (b->moves == MIG_STUDY_MAX_OBJECTS)
    return mig_node_error (error, b->node, "one move too many in a case; expected at most %d",
                           MIG_STUDY_MAX_OBJECTS);
  for (guint i = 0; i < step->moves->len; i++)
    if (g_array_index (step->moves, MigStudyMove, i).guest == guest)
      return mig_node_error (error, b->node, "guest '%s' moves twice in a step; expected it once",
                             guest->name);
  if (move.destination == place)
    return mig_node_error (
        error, b->node,
        "guest '%s' moves to host '%s', where it already runs; expected another host", guest->name,
        place->name);
  describe_move (b, guest, named, parallel || grouped);
  g_array_append_val (step->moves, move);
  g_hash_table_insert (b->places, (gpointer) guest, (gpointer) move.destination);
  b->moves++;
  return TRUE;
}

static gboolean
same_moves (const MigStudyCase *a, const MigStudyCase *b)
{
  if (a->steps->len != b->steps->len)
    return FALSE;
  for (guint i = 0; i < a->steps->len; i++)
    {
      const GArray *x = ((MigStudyStep *) a->steps->pdata[i])->moves,
                   *y = ((MigStudyStep *) b->steps->pdata[i])->moves;
      if (x->len != y->len || memcmp (x->data, y->data, x->len * sizeof (MigStudyMove)) != 0)
        return FALSE;
    }
  return TRUE;
}

/* A label that another case has gets the moves as they were written behind it: two that have both
 * in common are the same case. */
gboolean
mig_case_end (MigCaseBuilder *b, GError **error)
{
  GPtrArray *cases = b->study->cases;
  g_autofree char *detailed = g_strdup_printf ("%s:%s", b->label->str, b->detail->str);
  gboolean taken = mig_study_find_case (b->study, b->label->str) != NULL;

  if (cases->len == MIG_STUDY_MAX_CASES)
    return mig_node_error (error, b->node, "one case too many; expected at most %d",
                           MIG_STUDY_MAX_CASES);
  for (guint i = 0; taken && i < cases->len; i++)
    {
      const MigStudyCase *other = cases->pdata[i];
      if (strcmp (other->label, detailed) == 0 || same_moves (other, b->study_case))
        return mig_node_error (
            error, b->node,
            "duplicate case '%s' (%s), first defined on line %u; expected other moves",
            b->label->str, b->detail->str, other->line);
    }
  b->study_case->label = g_strdup (taken ? detailed : b->label->str);
  g_ptr_array_add (cases, g_steal_pointer (&b->study_case));
  return TRUE;
}
