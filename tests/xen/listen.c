/* SPDX-License-Identifier: GPL-3.0-or-later */
/* listen PORT: prints "TIME NUMBER" for each packet of a beacon that comes to this loopback port;
 * TIME: ns of the monotonic clock, the one that migcost stamps heartbeats with. Until it is killed.
 */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int
main (int argc, char **argv)
{
  struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_DGRAM, 0);
  uint32_t packet;

  if (argc != 2)
    {
      fprintf (stderr, "usage: listen PORT\n");
      return 2;
    }
  here.sin_port = htons ((uint16_t) atoi (argv[1]));
  if (fd < 0 || bind (fd, (struct sockaddr *) &here, sizeof here) < 0)
    {
      perror ("listen");
      return 1;
    }
  setvbuf (stdout, NULL, _IOLBF, 0);
  while (recv (fd, &packet, sizeof packet, 0) == sizeof packet)
    {
      struct timespec now;
      clock_gettime (CLOCK_MONOTONIC, &now);
      printf ("%" PRId64 " %" PRIu32 "\n", (int64_t) now.tv_sec * 1000000000 + now.tv_nsec,
              ntohl (packet));
    }
  return 0;
}
