/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/units.h"
#include "probe/arrival.h"

/* The kernel's stamp is of the real-time clock. */
gint64
mig_arrival (struct msghdr *message)
{
  gint64 now_ns = mig_clock_now ();
  struct timespec real, stamp;

  clock_gettime (CLOCK_REALTIME, &real);
  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c; c = CMSG_NXTHDR (message, c))
    if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
      {
        memcpy (&stamp, CMSG_DATA (c), sizeof stamp);
        gint64 ago_ns = (real.tv_sec - stamp.tv_sec) * MIG_NS_PER_S + real.tv_nsec - stamp.tv_nsec;
        return ago_ns > 0 ? now_ns - ago_ns : now_ns;
      }
  return now_ns;
}
