/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "workloads/pages.h"

#define PATTERN_WORDS (MIG_PAGE_WORDS - MIG_PAGE_PATTERN)

uint64_t
mig_pages_pattern (uint64_t page, unsigned word)
{
  return mig_permutation_mix (page * MIG_PAGE_WORDS + word + 1);
}

unsigned
mig_pages_rotating_word (uint64_t page, uint64_t lap)
{
  return MIG_PAGE_PATTERN + (unsigned) ((page + lap) % PATTERN_WORDS);
}

void
mig_pages_init (MigPages *pages, uint64_t *words, uint64_t count, bool random,
                void (*damage) (const MigPageDamage *damage, void *opaque), void *opaque)
{
  pages->words = words;
  pages->first = 0;
  pages->damage = damage;
  pages->opaque = opaque;
  mig_laps_init (&pages->laps, count, random);
}

void
mig_pages_fill (MigPages *pages)
{
  for (uint64_t page = 0; page < pages->laps.count; page++)
    {
      uint64_t *words = pages->words + page * MIG_PAGE_WORDS, index = pages->first + page;
      words[MIG_PAGE_INDEX] = index;
      words[MIG_PAGE_GENERATION] = 1;
      for (unsigned word = MIG_PAGE_PATTERN; word < MIG_PAGE_WORDS; word++)
        words[word] = mig_pages_pattern (index, word);
    }
}

/* Volatile: the compiler must not conclude from its own stores what memory holds. */
static inline void
verify (MigPages *pages, uint64_t index, volatile uint64_t *words, unsigned word, uint64_t expected)
{
  uint64_t found = words[word];

  if (__builtin_expect (found == expected, true))
    return;
  MigPageDamage damage = { index, word * (unsigned) sizeof *words, expected, found };
  words[word] = expected;
  pages->damage (&damage, pages->opaque);
}

static void
update_page (MigPages *pages, uint64_t page)
{
  volatile uint64_t *words = pages->words + page * MIG_PAGE_WORDS;
  uint64_t index = pages->first + page;
  unsigned rotating = mig_pages_rotating_word (index, pages->laps.lap);

  verify (pages, index, words, MIG_PAGE_INDEX, index);
  verify (pages, index, words, rotating, mig_pages_pattern (index, rotating));
  verify (pages, index, words, MIG_PAGE_GENERATION, pages->laps.lap + 1);
  words[MIG_PAGE_GENERATION] = pages->laps.lap + 2;
}

void
mig_pages_update (MigPages *pages, uint64_t n)
{
  for (; n > 0; n--)
    {
      update_page (pages, mig_laps_take (&pages->laps));
      mig_laps_done (&pages->laps);
    }
}
