package coordconv.jmh.engines;

import coordconv.cli.timing.NetworkCase;
import coordconv.kernels.ConvAlgorithm;
import coordconv.kernels.ConvGeometry;
import coordconv.kernels.TensorLayout;

/** This project on tensors with channels last, which lie so beforehand, as TensorFlow's do: forward passes of layers. */
public final class ChannelsLastEngine implements Engine {
    private final CoordConvEngine ours = new CoordConvEngine(ConvAlgorithm.AUTO);

    @Override
    public String version() {
        return ours.version();
    }

    @Override
    public PreparedCall prepare(Workload workload, Operation operation) {
        if (operation != Operation.FORWARD) {
            throw new UnsupportedOperationException("coordconv-nhwc: given " + operation.title() + ", needed a forward pass");
        }
        workload.requireNchw("coordconv-nhwc");
        ConvGeometry planes = workload.geometry();
        ConvGeometry g = planes.toBuilder().inputLayout(TensorLayout.NHWC).outputLayout(TensorLayout.NHWC).build();
        float[] x = ChannelsLast.of(workload.x(), g.batch(), g.channels(), g.height() * g.width());
        PreparedCall call = ours.prepare(new Workload(g, workload.threads(), x, workload.weights()), operation);
        return new PreparedCall() {
            @Override
            public void run() throws Exception {
                call.run();
            }

            @Override
            public float[] output() throws Exception {
                return ChannelsLast.toFirst(call.output(), g.batch(), g.outChannels(), g.outHeight() * g.outWidth());
            }

            @Override
            public void close() throws Exception {
                call.close();
            }
        };
    }

    @Override
    public PreparedCall prepare(NetworkCase network, int threads) {
        // A network plans its layouts by itself.
        return ours.prepare(network, threads);
    }
}
