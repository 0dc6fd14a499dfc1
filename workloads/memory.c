/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "workloads/memory.h"
#include "workloads/paced.h"
#include "workloads/pages.h"

/* The memory workload: updates its working set page by page. */

#define BATCH_PAGES 1024 /* of a step without a rate: well below a millisecond */
#define DAMAGE_REPORTS_MAX 16
#define SLACK_BYTES (UINT64_C (512) << 10) /* kernel objects that come into being while it runs */
#define MIN_FREE_PATH "/proc/sys/vm/min_free_kbytes"
#define MIN_FREE_UNKNOWN (UINT64_C (4) << 20) /* where the kernel does not say */

/* What one worker updates: pages of its own, next to the other workers'. */
typedef struct {
  MigPages pages;
  MigPacer pacer;
  MigGuest *guest;
  unsigned damage_reports;
} Share;

typedef struct {
  char *mapping; /* guard page, working set, guard page */
  size_t mapping_bytes;
  Share shares[MIG_GUEST_WORKERS_MAX];
} Memory;

static const MigOption options[] = {
  { .name = "wss",
    .kind = MIG_OPTION_NUMBER,
    .offset = offsetof (MigGuestOptions, wss_bytes),
    .minimum = MIG_PAGE_BYTES,
    .maximum = MIG_GUEST_WSS_MAX_BYTES,
    .fallback = "67108864",
    .meaning = "working set in bytes" },
  MIG_PACED_RATE ("pages"),
  MIG_PACED_ORDER,
  { .name = NULL },
};

static void
report_damage (const MigPageDamage *damage, void *opaque)
{
  Share *share = opaque;
  char text[160];

  if (share->damage_reports++ >= DAMAGE_REPORTS_MAX)
    return;
  snprintf (text, sizeof text,
            "page %" PRIu64 " offset %u: expected %016" PRIx64 ", found %016" PRIx64
            " (lap %" PRIu64 ")",
            damage->page, damage->offset, damage->expected, damage->found, share->pages.laps.lap);
  share->guest->damage (text);
}

uint64_t
mig_memory_needed (uint64_t wss_bytes, uint64_t min_free_bytes)
{
  uint64_t pages = wss_bytes / MIG_PAGE_BYTES;
  return pages * MIG_PAGE_BYTES + pages * sizeof (uint64_t) + min_free_bytes + SLACK_BYTES;
}

/* What the kernel keeps back: who asks for it is killed, and with PID 1 the kernel panics. */
static uint64_t
min_free_bytes (void)
{
  FILE *file = fopen (MIN_FREE_PATH, "re");
  uint64_t kib;

  if (!file)
    return MIN_FREE_UNKNOWN;
  bool known = fscanf (file, "%" SCNu64, &kib) == 1;
  fclose (file);
  return known ? kib * 1024 : MIN_FREE_UNKNOWN;
}

/* Free memory. The page cache is not counted: the guest has none that it could give back. */
static uint64_t
available_bytes (void)
{
  struct sysinfo info;
  return sysinfo (&info) == 0 ? (uint64_t) info.freeram * info.mem_unit : 0;
}

/* Maps bytes between two pages that nobody may touch. NULL with errno. */
static char *
map_guarded (size_t bytes, size_t *mapping_bytes)
{
  size_t whole = bytes + 2 * MIG_PAGE_BYTES;
  char *mapping = mmap (NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (mapping == MAP_FAILED)
    return NULL;
  if (mprotect (mapping + MIG_PAGE_BYTES, bytes, PROT_READ | PROT_WRITE) < 0)
    {
      int saved = errno;
      munmap (mapping, whole);
      errno = saved;
      return NULL;
    }
  /* Pages of 4 KiB only: what the kernel would do to make huge ones is not the workload's doing. A
   * kernel without huge pages refuses, and need not be told. */
  (void) madvise (mapping + MIG_PAGE_BYTES, bytes, MADV_NOHUGEPAGE);
#ifdef MADV_POPULATE_WRITE
  /* In one go what would be a page fault each: with paravirtual page tables those are dear. Kernels
   * before 5.14 refuse. */
  (void) madvise (mapping + MIG_PAGE_BYTES, bytes, MADV_POPULATE_WRITE);
#endif
  *mapping_bytes = whole;
  return mapping;
}

/* divide: the working set, and the rate, among the workers. */
static void
divide (MigGuest *guest, uint64_t count)
{
  Memory *memory = guest->state;
  const MigGuestOptions *asked = &guest->options;
  char *at = memory->mapping + MIG_PAGE_BYTES;
  uint64_t first = 0;

  for (uint64_t i = 0; i < asked->threads; i++)
    {
      Share *share = &memory->shares[i];
      uint64_t pages = mig_paced_share (count, asked->threads, i);
      share->guest = guest;
      mig_pages_init (&share->pages, (uint64_t *) (void *) (at + first * MIG_PAGE_BYTES), pages,
                      asked->order == MIG_GUEST_ORDER_RANDOM, report_damage, share);
      share->pages.first = first;
      mig_pages_fill (&share->pages);
      mig_paced_init (&share->pacer, guest, i);
      guest->workers[i].state = share;
      first += pages;
    }
}

static bool
prepare (MigGuest *guest, char *why)
{
  uint64_t count = guest->options.wss_bytes / MIG_PAGE_BYTES;
  uint64_t needed = mig_memory_needed (guest->options.wss_bytes, min_free_bytes ());
  uint64_t available = available_bytes ();

  if (needed > available)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE,
                "not enough memory for wss=%" PRIu64 ": %" PRIu64 " bytes needed, %" PRIu64
                " available; give the guest more memory or take a smaller wss",
                guest->options.wss_bytes, needed, available);
      return false;
    }
  if (count < guest->options.threads)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE,
                "wss=%" PRIu64 " is too small for %" PRIu64 " threads: expected a page for each",
                guest->options.wss_bytes, guest->options.threads);
      return false;
    }
  Memory *memory = calloc (1, sizeof *memory);
  if (memory)
    memory->mapping = map_guarded (count * MIG_PAGE_BYTES, &memory->mapping_bytes);
  if (!memory || !memory->mapping)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE, "cannot map %" PRIu64 " bytes (%" PRIu64 " available): %s",
                count * MIG_PAGE_BYTES, available, strerror (errno));
      free (memory);
      return false;
    }
  guest->state = memory;
  divide (guest, count);
  return true;
}

static void
update (MigGuestWorker *worker, uint64_t n)
{
  Share *share = worker->state;

  for (; n > 0 && !atomic_load_explicit (&worker->guest->stop, memory_order_relaxed); n--)
    {
      mig_pages_update (&share->pages, 1);
      mig_guest_add_work (worker, 1);
    }
}

static void
step (MigGuestWorker *worker)
{
  mig_paced_step (worker, &((Share *) worker->state)->pacer, BATCH_PAGES, update);
}

static void
release (MigGuest *guest)
{
  Memory *memory = guest->state;

  munmap (memory->mapping, memory->mapping_bytes);
  free (memory);
  guest->state = NULL;
}

MigPages *
mig_memory_pages (MigGuest *guest)
{
  return &((Memory *) guest->state)->shares[0].pages;
}

const MigWorkload mig_workload_memory = {
  .name = "memory",
  .unit = "page",
  .summary = "updates its working set page by page, at a set rate or as fast as it can",
  .options = options,
  .prepare = prepare,
  .step = step,
  .release = release,
};
