package coordconv.cli;

import coordconv.layers.Execution;
import coordconv.layers.Phase;
import coordconv.layers.Sequential;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import coordconv.layers.networks.ExampleNetworks;
import coordconv.onnx.OnnxExport;
import coordconv.onnx.OnnxImport;
import coordconv.onnx.OnnxNetwork;
import java.io.IOException;
import java.nio.file.Path;

/** The ONNX example of the README, word for word; {@link ReadmeTest} compares the two and runs it. */
final class OnnxExample {
    private OnnxExample() {}

    static Tensor run(Path file, Tensor images) throws IOException {
        // readme: from here
        Sequential network = ExampleNetworks.dcn2();
        network.initialise(1);
        OnnxExport.write(network, Shape.of(1, 3, 32, 32), file);    // x and y become constants in the file

        OnnxNetwork read = OnnxImport.read(file);                   // and coordinates again
        read.network().configure(read.input().withBatch(8), Execution.INFERENCE);
        Tensor y = read.network().forward(images, Phase.INFERENCE); // [8, 3, 32, 32] -> [8, 1]
        // readme: to here
        return y;
    }
}
