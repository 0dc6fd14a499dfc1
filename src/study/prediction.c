/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "study/prediction.h"
#include "base/xml.h"

void
mig_prediction_free (MigStudyPrediction *prediction)
{
  if (!prediction)
    return;
  for (guint i = 0; i < prediction->values->len; i++)
    g_free (g_array_index (prediction->values, MigStudyPredicted, i).quantity);
  g_array_unref (prediction->values);
  g_free (prediction->order);
  g_free (prediction->model);
  g_free (prediction);
}

static guint
count_moves (const MigStudyCase *study_case, const MigStudyGuest *guest)
{
  guint n = 0;

  for (guint i = 0; i < study_case->steps->len; i++)
    {
      const GArray *moves = ((const MigStudyStep *) study_case->steps->pdata[i])->moves;
      for (guint j = 0; j < moves->len; j++)
        n += g_array_index (moves, MigStudyMove, j).guest == guest;
    }
  return n;
}

/* read_guest: the one that a <move> is about; NULL: a <case> is about none. */
static gboolean
read_guest (const MigStudy *study, const MigStudyCase *study_case, const xmlNode *node,
            const MigStudyGuest **guest, GError **error)
{
  g_autofree char *name = NULL;

  *guest = NULL;
  if (!mig_node_is (node, "move"))
    return TRUE;
  if (!(name = mig_read_name (node, "guest", error)) ||
      !(*guest = mig_read_guest_named (study, node, name, error)))
    return FALSE;
  guint n = count_moves (study_case, *guest);
  return n == 1 ||
         mig_node_error (
             error, node,
             "guest '%s' moves %u times in the sequence; expected a guest that moves once", name,
             n);
}

static gboolean
check_interval (const MigStudyPredicted *read, const xmlNode *node, GError **error)
{
  if ((MIG_IS_MISSING (read->low_ns) || read->low_ns <= read->value_ns) &&
      (MIG_IS_MISSING (read->high_ns) || read->value_ns <= read->high_ns))
    return TRUE;
  return mig_node_error (
      error, node,
      "the value of %s '%s' lies outside its interval; expected low, value, high from "
      "the smallest to the largest",
      node->name, read->quantity);
}

static gboolean
check_once (const MigStudyPrediction *prediction, const MigStudyPredicted *read,
            const xmlNode *node, GError **error)
{
  for (guint i = 0; i < prediction->values->len; i++)
    {
      const MigStudyPredicted *other = &g_array_index (prediction->values, MigStudyPredicted, i);
      if (other->guest == read->guest && strcmp (other->quantity, read->quantity) == 0)
        return mig_node_error (error, node, "a second '%s' of the same %s; expected it once",
                               read->quantity, node->name);
    }
  return TRUE;
}

static gboolean
read_value (const MigStudy *study, MigStudyCase *study_case, const xmlNode *node, GError **error)
{
  MigStudyPrediction *prediction = study_case->prediction;
  g_autofree char *quantity = mig_node_attribute (node, "quantity");
  MigStudyPredicted read = { NULL, quantity, MIG_MISSING_INT, MIG_MISSING_INT, MIG_MISSING_INT };

  if (!quantity || !xmlHasProp (node, (const xmlChar *) "value"))
    return mig_node_error (error, node, "%s has no quantity or no value; expected both",
                           node->name);
  if (!read_guest (study, study_case, node, &read.guest, error) ||
      !mig_read_signed_duration (node, "value", &read.value_ns, error) ||
      !mig_read_signed_duration (node, "low", &read.low_ns, error) ||
      !mig_read_signed_duration (node, "high", &read.high_ns, error) ||
      !check_interval (&read, node, error) || !check_once (prediction, &read, node, error))
    return FALSE;
  g_steal_pointer (&quantity);
  g_array_append_val (prediction->values, read);
  return TRUE;
}

gboolean
mig_read_prediction (const MigStudy *study, const xmlNode *sequence, MigStudyCase *study_case,
                     GError **error)
{
  xmlNode *node = mig_node_next (sequence->children, "prediction");

  if (!node)
    return TRUE;
  MigStudyPrediction *prediction = study_case->prediction = g_new0 (MigStudyPrediction, 1);
  prediction->order = mig_node_attribute (node, "order");
  prediction->model = mig_node_attribute (node, "model");
  prediction->values = g_array_new (FALSE, FALSE, sizeof (MigStudyPredicted));
  for (xmlNode *n = mig_node_next (node->children, NULL); n; n = mig_node_next (n->next, NULL))
    if (!read_value (study, study_case, n, error))
      return FALSE;
  return TRUE;
}
