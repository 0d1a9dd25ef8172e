#include "meter.h"

// Speed does not depend on which keys they are; bench/meters has the same.
static const char server_public[] = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
static const char server_secret[] = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
static const char client_public[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
static const char client_secret[] = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

static void set_key(void *socket, int option, const char (&key)[41]) {
  check(zmq_setsockopt(socket, option, key, sizeof key) == 0, "zmq_setsockopt");
}

void *bind_socket(void *context, int type, const Arguments &arguments) {
  if (!arguments.curve) return bind_socket(context, type, arguments.address);
  void *socket = open_socket(context, type);
  set_option(socket, ZMQ_CURVE_SERVER, 1);
  set_key(socket, ZMQ_CURVE_SECRETKEY, server_secret);
  check(zmq_bind(socket, arguments.address.c_str()) == 0, "zmq_bind");
  return socket;
}

void *connect_socket(void *context, int type, const Arguments &arguments) {
  if (!arguments.curve) return connect_socket(context, type, arguments.address);
  void *socket = open_socket(context, type);
  set_key(socket, ZMQ_CURVE_SERVERKEY, server_public);
  set_key(socket, ZMQ_CURVE_PUBLICKEY, client_public);
  set_key(socket, ZMQ_CURVE_SECRETKEY, client_secret);
  check(zmq_connect(socket, arguments.address.c_str()) == 0, "zmq_connect");
  return socket;
}
