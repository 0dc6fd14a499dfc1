/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "plan/search.h"
#include "plan/subfleet.h"

/* Dynamic programming over the sets of VMs that are gone: what a group costs depends on which VMs
 * have left before it, not on their order, because a group begins when the one before has ended.
 * Sets of the same size make a level. Where there are too many, a beam: each level keeps its best,
 * and a group is chosen among the cheapest VMs only. */

#define WORD_BITS 64
/* What a beam would rather have than more choices. */
#define BEAM_WIDTH 8
/* Of a CPU: less is none. */
#define LEAST_CPUS 1e-9

typedef struct State State;
struct State {
  MigPlanValue value;  /* of the best way to this set */
  MigPlanValue hope;   /* ranks a level: value, and the rest as cheap as when each goes last */
  double cpu_left;     /* demand of those that are still there */
  const State *before; /* the set that the last group left from; NULL: nobody is gone */
  guint size, n_words;
  guint64 set[];
};

typedef struct {
  const MigTask *task;
  MigSubfleet *part;
  guint n, n_words, parallel;
  guint *twins;              /* the candidate before it that is the same in all; n: none */
  MigPlanValue *last_values; /* of each as the last one */
  guint *cheapest;           /* candidates, by it */
  GPtrArray **levels;        /* of State, by size; owned */
  GHashTable *known;         /* the states: their set is the key */
  guint width, n_choices;
  gboolean exact;
  const State *best;      /* that reaches the goal */
  guint *choices, *group; /* scratch */
} Search;

static gboolean
has (const State *state, guint i)
{
  return state->set[i / WORD_BITS] >> (i % WORD_BITS) & 1;
}

static guint
hash_set (gconstpointer key)
{
  const State *state = key;
  guint64 hash = 0;

  for (guint i = 0; i < state->n_words; i++)
    hash = (hash ^ state->set[i]) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return (guint) (hash >> 32);
}

static gboolean
equal_set (gconstpointer a, gconstpointer b)
{
  const State *x = a, *y = b;
  return memcmp (x->set, y->set, x->n_words * sizeof *x->set) == 0;
}

static State *
copy_state (const Search *self, const State *state)
{
  gsize size = sizeof (State) + self->n_words * sizeof (guint64);
  State *copy = g_malloc0 (size);

  if (state)
    memcpy (copy, state, size);
  copy->n_words = self->n_words;
  return copy;
}

static MigPlanValue
combine (const Search *self, const MigPlanValue *before, const MigPlanValue *then)
{
  return mig_plan_value_add (&self->task->objective, before, then);
}

static gboolean
is_goal (const Search *self, const State *state)
{
  return isnan (self->task->relieve_to_cpus) ? state->size == self->n
                                             : mig_task_is_relieved (self->task, state->cpu_left);
}

static void
set_hope (const Search *self, State *state)
{
  state->hope = state->value;
  if (!isnan (self->task->relieve_to_cpus))
    {
      /* not all need to go: what it costs to be rid of a CPU */
      state->hope.objective /= fmax (LEAST_CPUS, self->part->cpu_before - state->cpu_left);
      return;
    }
  for (guint i = 0; i < self->n; i++)
    if (!has (state, i))
      state->hope = combine (self, &state->hope, &self->last_values[i]);
}

/* keep: a state that a group leads to; copied. The better way to a set that is known already. */
static void
keep (Search *self, const State *found)
{
  State *known = g_hash_table_lookup (self->known, found);

  if (!known)
    {
      known = copy_state (self, found);
      g_hash_table_add (self->known, known);
      g_ptr_array_add (self->levels[known->size], known);
    }
  else if (mig_plan_value_compare (&found->value, &known->value) < 0)
    {
      known->value = found->value;
      known->before = found->before;
    }
}

/* try_group: the VMs in self->group leave together. */
static void
try_group (Search *self, const State *state, guint size)
{
  MigPlanCost cost;

  if (!mig_subfleet_simulate (self->part, self->group, size, &cost))
    return;
  g_autofree State *next = copy_state (self, state);
  for (guint i = 0; i < size; i++)
    {
      next->set[self->group[i] / WORD_BITS] |= G_GUINT64_CONSTANT (1)
                                               << (self->group[i] % WORD_BITS);
      next->cpu_left -= mig_subfleet_candidate (self->part, self->group[i])->cpu;
    }
  next->size += size;
  next->before = state;
  MigPlanValue value = mig_plan_value (&self->task->objective, &cost);
  next->value = combine (self, &state->value, &value);
  keep (self, next);
}

/* is_next: of twins, the first goes first: the others' orders are the same. */
static gboolean
is_next (const Search *self, const State *state, guint candidate, guint size)
{
  guint twin = self->twins[candidate];

  if (twin == self->n || has (state, twin))
    return TRUE;
  for (guint i = 0; i < size; i++)
    if (self->group[i] == twin)
      return TRUE;
  return FALSE;
}

static void
try_groups (Search *self, const State *state, guint n_choices, guint from, guint size)
{
  for (guint i = from; i < n_choices; i++)
    {
      if (!is_next (self, state, self->choices[i], size))
        continue;
      self->group[size] = self->choices[i];
      try_group (self, state, size + 1);
      if (size + 1 < self->parallel)
        try_groups (self, state, n_choices, i + 1, size + 1);
    }
}

static void
expand (Search *self, const State *state)
{
  guint n = 0;

  mig_subfleet_place (self->part, NULL, 0);
  for (guint i = 0; i < self->n; i++)
    {
      guint candidate = self->cheapest[i];
      if (has (state, candidate))
        mig_subfleet_place (self->part, &candidate, 1);
      else if (n < self->n_choices)
        self->choices[n++] = candidate;
      else
        self->exact = FALSE;
    }
  try_groups (self, state, n, 0, 0);
}

static int
compare_hope (gconstpointer a, gconstpointer b)
{
  const State *x = *(const State *const *) a, *y = *(const State *const *) b;
  return mig_plan_value_compare (&x->hope, &y->hope);
}

static void
search_level (Search *self, GPtrArray *level)
{
  for (guint i = 0; i < level->len; i++)
    set_hope (self, level->pdata[i]);
  g_ptr_array_sort (level, compare_hope);
  self->exact = self->exact && level->len <= self->width;
  for (guint i = 0; i < level->len && i < self->width; i++)
    {
      const State *state = level->pdata[i];
      if (!is_goal (self, state))
        expand (self, state);
      else if (!self->best || mig_plan_value_compare (&state->value, &self->best->value) < 0)
        self->best = state;
    }
}

/* n_groups: how many groups there are of n VMs; stops counting at most. */
static double
n_groups (guint n, guint parallel)
{
  double sum = 0, choose = 1;

  for (guint i = 1; i <= parallel && i <= n; i++)
    sum += choose *= (double) (n - i + 1) / i;
  return sum;
}

static double
n_steps (guint n, guint parallel)
{
  double sum = 0, choose = 1;

  for (guint gone = 0; gone < n; gone++)
    {
      sum += choose * n_groups (n - gone, parallel);
      choose *= (double) (n - gone) / (gone + 1);
    }
  return sum;
}

static void
set_limits (Search *self, double effort)
{
  self->n_choices = self->n;
  self->width = G_MAXUINT;
  if (n_steps (self->n, self->parallel) <= effort)
    return;
  while (self->n_choices > 2 &&
         BEAM_WIDTH * self->n * n_groups (self->n_choices, self->parallel) > effort)
    self->n_choices--;
  double width = effort / self->n / n_groups (self->n_choices, self->parallel);
  self->width = (guint) fmin (fmax (width, 1), G_MAXINT);
}

static int
compare_last (gconstpointer a, gconstpointer b, gpointer data)
{
  const MigPlanValue *values = data;
  return mig_plan_value_compare (&values[*(const guint *) a], &values[*(const guint *) b]);
}

/* set_last: what each costs when it goes last, which others are the same. */
static void
set_last (Search *self)
{
  for (guint i = 0; i < self->n; i++)
    {
      MigPlanCost cost;
      mig_subfleet_place (self->part, NULL, 0);
      for (guint j = 0; j < self->n; j++)
        if (j != i)
          mig_subfleet_place (self->part, &j, 1);
      mig_subfleet_simulate (self->part, &i, 1, &cost);
      self->last_values[i] = mig_plan_value (&self->task->objective, &cost);
      self->cheapest[i] = i;
      self->twins[i] = self->n;
      for (guint j = i; j-- > 0 && self->twins[i] == self->n;)
        if (mig_subfleet_same (self->part, i, j))
          self->twins[i] = j;
    }
  g_qsort_with_data (self->cheapest, self->n, sizeof (guint), compare_last, self->last_values);
}

static void
append_path (const Search *self, const State *state, guint *group, GArray *moves)
{
  if (!state->before)
    return;
  append_path (self, state->before, group, moves);
  for (guint i = 0; i < self->n; i++)
    if (has (state, i) && !has (state->before, i))
      {
        MigMove move = mig_subfleet_move (self->part, i);
        move.group = *group;
        g_array_append_val (moves, move);
      }
  ++*group;
}

static void
search (Search *self)
{
  State *none = copy_state (self, NULL);

  none->cpu_left = self->part->cpu_before;
  g_hash_table_add (self->known, none);
  g_ptr_array_add (self->levels[0], none);
  for (guint size = 0; size <= self->n; size++)
    search_level (self, self->levels[size]);
}

gboolean
mig_plan_search (const MigModel *model, const MigFleet *fleet, const MigTask *task,
                 const GArray *candidates, guint64 effort, GArray *moves, gboolean *exact)
{
  g_autoptr (MigSubfleet) part = mig_subfleet_new (model, fleet, candidates);
  guint n = candidates->len, group = 0;
  g_autofree guint *numbers = g_new (guint, 4 * (n + 1));
  g_autofree MigPlanValue *values = g_new (MigPlanValue, n + 1);
  Search self = {
    .task = task,
    .part = part,
    .n = n,
    .n_words = n / WORD_BITS + 1,
    .parallel = MAX (1, MIN (task->parallel, n)),
    .twins = numbers,
    .cheapest = numbers + n + 1,
    .choices = numbers + 2 * (n + 1),
    .group = numbers + 3 * (n + 1),
    .last_values = values,
    .exact = TRUE,
  };

  self.known = g_hash_table_new (hash_set, equal_set);
  self.levels = g_new (GPtrArray *, n + 1);
  for (guint i = 0; i <= n; i++)
    self.levels[i] = g_ptr_array_new_with_free_func (g_free);
  set_limits (&self, effort);
  set_last (&self);
  search (&self);
  if (self.best)
    append_path (&self, self.best, &group, moves);
  for (guint i = 0; i <= n; i++)
    g_ptr_array_unref (self.levels[i]);
  g_free (self.levels);
  g_hash_table_unref (self.known);
  *exact = self.exact;
  return self.best != NULL;
}
