/*
 * Both ends of the load of beside.ts. `load serve PORT` answers each 64 bytes with 256. `load new|keep ADDRESS PORT CONNECTIONS SECONDS` asks, one
 * request a connection or all over the same, and prints requests, failures and the 99th percentile of a request in microseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST = 64, ANSWER = 256, MOST_CONNECTIONS = 1024, BUCKETS = 1000000 };

struct conversation {
	int fd;
	int received;
	long since;
};

static char bytes[4096];
static struct conversation conversations[MOST_CONNECTIONS];
/* Requests by how many microseconds they took; the last holds all that took longer. */
static unsigned taken[BUCKETS];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

static void watch(int epoll, int operation, int fd, unsigned events, unsigned long data)
{
	struct epoll_event event = { .events = events, .data.u64 = data };

	if (epoll_ctl(epoll, operation, fd, &event) < 0)
		die("epoll_ctl");
}

static void serve(int port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int listener = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int epoll = epoll_create1(0);
	struct epoll_event events[64];
	int on = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 4096) < 0)
		die("listen");
	watch(epoll, EPOLL_CTL_ADD, listener, EPOLLIN, listener);
	puts("ready");
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(epoll, events, 64, -1);

		for (int i = 0; i < count; i++) {
			int fd = events[i].data.u64;

			if (fd == listener) {
				int accepted;

				while ((accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
					setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
					watch(epoll, EPOLL_CTL_ADD, accepted, EPOLLIN, accepted);
				}
				continue;
			}
			if (read(fd, bytes, sizeof(bytes)) <= 0 || write(fd, bytes, ANSWER) != ANSWER)
				close(fd);
		}
	}
}

static void begin(int epoll, unsigned long index, const struct sockaddr_in *target)
{
	struct conversation *conversation = &conversations[index];
	/* Closed by a reset, so that no socket stays in TIME_WAIT: each round would leave tens of thousands, and find fewer free ports. */
	struct linger reset = { .l_onoff = 1 };
	int on = 1;

	conversation->since = now_us();
	conversation->received = 0;
	conversation->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (conversation->fd < 0)
		die("socket");
	setsockopt(conversation->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	setsockopt(conversation->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(conversation->fd, (const struct sockaddr *)target, sizeof(*target)) < 0 && errno != EINPROGRESS)
		die("connect");
	watch(epoll, EPOLL_CTL_ADD, conversation->fd, EPOLLOUT, index);
}

static void ask(char **argv)
{
	int keep = strcmp(argv[1], "keep") == 0, connections = atoi(argv[4]);
	struct sockaddr_in target = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[3])) };
	long requests = 0, failures = 0, started = now_us(), end = started + atol(argv[5]) * 1000000L;
	struct epoll_event events[64];
	int epoll = epoll_create1(0);

	if (inet_pton(AF_INET, argv[2], &target.sin_addr) != 1 || connections < 1 || connections > MOST_CONNECTIONS)
		die("arguments");
	for (int i = 0; i < connections; i++)
		begin(epoll, i, &target);
	while (now_us() < end) {
		int count = epoll_wait(epoll, events, 64, 100);

		for (int i = 0; i < count; i++) {
			unsigned long index = events[i].data.u64;
			struct conversation *conversation = &conversations[index];
			long took;
			int got;

			if (events[i].events & EPOLLOUT) {
				if (write(conversation->fd, bytes, REQUEST) != REQUEST)
					goto failed;
				watch(epoll, EPOLL_CTL_MOD, conversation->fd, EPOLLIN, index);
				continue;
			}
			got = read(conversation->fd, bytes, sizeof(bytes));
			if (got <= 0)
				goto failed;
			conversation->received += got;
			if (conversation->received < ANSWER)
				continue;
			took = now_us() - conversation->since;
			taken[took < BUCKETS ? took : BUCKETS - 1]++;
			requests++;
			if (keep) {
				conversation->since = now_us();
				conversation->received = 0;
				if (write(conversation->fd, bytes, REQUEST) != REQUEST)
					goto failed;
				continue;
			}
			close(conversation->fd);
			begin(epoll, index, &target);
			continue;
failed:
			failures++;
			close(conversation->fd);
			begin(epoll, index, &target);
		}
	}

	long seen = 0, p99 = 0;

	while (p99 < BUCKETS - 1 && (seen += taken[p99]) < requests - requests / 100)
		p99++;
	printf("{\"requests\":%ld,\"failures\":%ld,\"p99Us\":%ld,\"tookUs\":%ld}\n", requests, failures, p99, now_us() - started);
}

int main(int argc, char **argv)
{
	if (argc == 3)
		serve(atoi(argv[2]));
	else if (argc == 6)
		ask(argv);
	else
		return 2;
}
