package coordconv.cli.timing;

import coordconv.layers.NetworkProfile;
import coordconv.layers.Shape;
import java.util.List;

/**
 * What was measured of a network.
 *
 * @param network its string or file
 * @param inputs shapes that it reads
 * @param ms median milliseconds of a call, copies of inputs and outputs included
 * @param msSpread distance of the quartiles of the samples
 * @param imagesPerSecond batch over time
 * @param gflops rate, every multiply-add of a convolution or linear layer counted as two, coordinate taps included
 * @param ceilingGflops rate of the micro-kernel on data in the first-level cache, measured between the samples, times the threads
 * @param ratio {@code gflops / ceilingGflops}
 * @param settled whether the samples, as shares of the ceiling, had stopped to fall; where false the true time is less
 * @param layers where the time goes, empty if nobody asked
 * @param fused names of layers that others compute along, empty if nobody asked
 * @param activationBytes memory of the tensors between the layers and of the outputs, 0 if nobody asked
 * @param leastActivationBytes the most of them that is needed at once, 0 if nobody asked
 */
public record NetworkTiming(String network, List<int[]> inputs, double ms, double msSpread, double imagesPerSecond, double gflops,
        double ceilingGflops, double ratio, boolean settled, List<LayerTiming> layers, List<String> fused, long activationBytes,
        long leastActivationBytes) {
    /**
     * One layer of a profile.
     *
     * @param name dotted path
     * @param type kind of layer
     * @param inputs shapes that it reads
     * @param outputs shapes that it writes
     * @param ms median milliseconds of a pass
     * @param share of the network's time
     * @param gflops rate, 0 where multiply-adds are not counted
     * @param bytes of inputs, outputs and parameters, each counted once
     * @param algorithm how it computes, empty where there is one way alone
     */
    public record LayerTiming(String name, String type, List<int[]> inputs, List<int[]> outputs, double ms, double share,
            double gflops, long bytes, String algorithm) {
        static LayerTiming of(NetworkProfile profile, NetworkProfile.Row row) {
            return new LayerTiming(row.name(), row.type(), extents(row.inputs()), extents(row.outputs()), row.ms(),
                    row.ms() / profile.ms(), row.gflops(), row.bytes(), row.algorithm());
        }
    }

    static List<int[]> extents(List<Shape> shapes) {
        return shapes.stream().map(Shape::toArray).toList();
    }
}
