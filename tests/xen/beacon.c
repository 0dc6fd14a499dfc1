/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first process of a guest that has a network interface besides its workload: sends a numbered
 * packet every period to the machine that emulates the hosts, and becomes the workload. So there is
 * a second channel by which the guest's silence in a migration can be seen: neither its console nor
 * libvirt is in it. By the kernel command line: rdinit=/beacon beacon_port=PORT. The kernel passes
 * the latter on as a variable of the environment. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MODULE "/xen-netfront.ko"
#define ADDRESS "10.0.2.100"
#define NETMASK "255.255.255.0"
#define GATEWAY "10.0.2.2" /* the outer machine, on QEMU's user network */
#define PERIOD_NS 20000000L
#define INTERFACE_WAIT_S 20

static void
load_module (void)
{
  int fd = open (MODULE, O_RDONLY | O_CLOEXEC);

  if (fd < 0 || syscall (SYS_finit_module, fd, "", 0) < 0)
    perror ("beacon: " MODULE);
  if (fd >= 0)
    close (fd);
}

static int
configure (int fd, unsigned long request, const char *address)
{
  struct ifreq interface = { .ifr_name = "eth0" };
  struct sockaddr_in *in = (struct sockaddr_in *) (void *) &interface.ifr_addr;

  in->sin_family = AF_INET;
  inet_pton (AF_INET, address, &in->sin_addr);
  return ioctl (fd, request, &interface);
}

/* The interface appears some time after its module has been loaded. */
static int
set_up_interface (int fd)
{
  struct ifreq interface = { .ifr_name = "eth0" };

  for (int i = 0; configure (fd, SIOCSIFADDR, ADDRESS) < 0; i++)
    {
      if (i >= INTERFACE_WAIT_S * 10)
        return -1;
      usleep (100000);
    }
  if (configure (fd, SIOCSIFNETMASK, NETMASK) < 0 || ioctl (fd, SIOCGIFFLAGS, &interface) < 0)
    return -1;
  interface.ifr_flags |= IFF_UP | IFF_RUNNING;
  return ioctl (fd, SIOCSIFFLAGS, &interface);
}

static void
send_packets (unsigned short port)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (port) };
  struct timespec next;

  inet_pton (AF_INET, GATEWAY, &to.sin_addr);
  if (fd < 0 || set_up_interface (fd) < 0)
    {
      perror ("beacon: eth0");
      _exit (1);
    }
  clock_gettime (CLOCK_MONOTONIC, &next);
  for (uint32_t number = 0;; number++)
    {
      uint32_t packet = htonl (number);
      sendto (fd, &packet, sizeof packet, 0, (struct sockaddr *) &to, sizeof to);
      next.tv_nsec += PERIOD_NS;
      if (next.tv_nsec >= 1000000000L)
        {
          next.tv_nsec -= 1000000000L;
          next.tv_sec++;
        }
      clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}

int
main (int argc, char **argv)
{
  const char *port = getenv ("beacon_port");

  load_module ();
  if (port && fork () == 0)
    send_packets ((unsigned short) atoi (port));
  argv[0] = (char *) "/init";
  execv (argv[0], argv);
  perror ("beacon: /init");
  return 1;
}
