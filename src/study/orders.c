/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "study/case-builder.h"
#include "study/orders.h"
#include "base/xml.h"

/* All distinct orders of a multiset of classes: the guests of one class are interchangeable, so
 * that the first unused one of a class stands for all of them. */
typedef struct {
  MigStudy *study;
  const xmlNode *node;
  const MigStudyHost *to;
  GPtrArray *guests; /* MigStudyGuest, those to choose from */
  gboolean *used;    /* of each guest */
  guint *chosen;     /* indices, as far as depth */
  guint pick;
} Orders;

static gboolean
add_order (Orders *o, GError **error)
{
  MigCaseBuilder builder;
  gboolean ok = TRUE;

  mig_case_begin (&builder, o->study, o->node, o->to);
  for (guint i = 0; ok && i < o->pick; i++)
    ok = mig_case_add_move (&builder, o->guests->pdata[o->chosen[i]], NULL, FALSE, error);
  ok = ok && mig_case_end (&builder, error);
  mig_case_clear (&builder);
  return ok;
}

/* first_unused: index of the first guest of a class that is not chosen yet, or guests->len. */
static guint
first_unused (const Orders *o, const MigStudyWorkload *workload)
{
  guint i = 0;
  while (i < o->guests->len &&
         (o->used[i] || ((MigStudyGuest *) o->guests->pdata[i])->workload != workload))
    i++;
  return i;
}

/* extend: every class in the order of the file takes its turn at this depth. */
static gboolean
extend (Orders *o, guint depth, GError **error)
{
  if (depth == o->pick)
    return add_order (o, error);
  for (guint w = 0; w < o->study->workloads->len; w++)
    {
      guint i = first_unused (o, o->study->workloads->pdata[w]);
      if (i == o->guests->len)
        continue;
      o->used[i] = TRUE;
      o->chosen[depth] = i;
      if (!extend (o, depth + 1, error))
        return FALSE;
      o->used[i] = FALSE;
    }
  return TRUE;
}

/* read_guests: those that "of" names, in the order of the file; all where it names none. */
static gboolean
read_guests (const MigStudy *study, const xmlNode *node, GPtrArray *guests, GError **error)
{
  g_autofree char *of = mig_node_attribute (node, "of");
  g_auto (GStrv) names = g_strsplit_set (of ? of : "", " \t\r\n", -1);
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);

  for (guint i = 0; names[i]; i++)
    {
      if (!*names[i])
        continue;
      const MigStudyGuest *guest = mig_read_guest_named (study, node, names[i], error);
      if (!guest)
        return FALSE;
      if (!g_hash_table_add (wanted, (gpointer) guest))
        return mig_node_error (error, node, "guest '%s' occurs twice in of; expected each once",
                               names[i]);
    }
  if (of && g_hash_table_size (wanted) == 0)
    return mig_node_error (error, node,
                           "of='%s' of orders names no guest; expected some, like 'c1 m1'", of);
  for (guint i = 0; i < study->guests->len; i++)
    if (!of || g_hash_table_contains (wanted, study->guests->pdata[i]))
      g_ptr_array_add (guests, study->guests->pdata[i]);
  return TRUE;
}

static gboolean
read_pick (const xmlNode *node, guint guests, guint *pick, GError **error)
{
  guint64 count = guests;

  if (!mig_read_count (node, "pick", 1, G_MAXUINT64, &count, error))
    return FALSE;
  if (count > guests)
    return mig_node_error (error, node,
                           "pick='%" G_GUINT64_FORMAT
                           "' of orders exceeds the %u guests; expected at most %u",
                           count, guests, guests);
  *pick = (guint) count;
  return TRUE;
}

gboolean
mig_read_orders (MigStudy *study, const xmlNode *node, GError **error)
{
  g_autoptr (GPtrArray) guests = g_ptr_array_new ();
  Orders orders = { .study = study, .node = node, .guests = guests };

  if (!mig_read_destination (study, node, &orders.to, error) ||
      !read_guests (study, node, guests, error) ||
      !read_pick (node, guests->len, &orders.pick, error))
    return FALSE;
  g_autofree gboolean *used = g_new0 (gboolean, guests->len);
  g_autofree guint *chosen = g_new0 (guint, guests->len);
  orders.used = used;
  orders.chosen = chosen;
  return extend (&orders, 0, error);
}
