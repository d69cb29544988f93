package coordconv.cli;

import coordconv.layers.LayerRow;
import coordconv.layers.ModelSummary;
import coordconv.layers.Shape;
import coordconv.layers.networks.Networks;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordconv summary}: the table of a network. */
@Command(name = "summary", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Prints the layers, shapes, parameters and megabytes of a network.")
final class SummaryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NETWORK", description = "dcn2 (with a CoordConv) or MyNet (without), dcn2-deformable"
            + " (with dcn2's offsets and mask in use) or dcn2-deformable-coord (predicted with coordinates), resnet18, resnet50, unet,"
            + " mobilenet-v1, squeezenet-1.1, ppyolo (neck and head), solov2 (head at one level),"
            + " solov2-mask (mask features), tornet. A preset of coordinates may"
            + " follow, as in resnet18+xy or ppyolo+paddledet-2.2; tornet+r sees the range and its reciprocal.")
    private String network;
    @Option(names = "--input", paramLabel = "N,C,H,W", split = ",", hideParamSyntax = true,
            description = "Shape of the image, of which a neck or head gets what its backbone would make;"
                    + " default is the one that the network was published for.")
    private int[] input;
    @Mixin
    private Output output;

    /**
     * The table in JSON; megabytes are rounded to two decimals, as the table prints them.
     *
     * @param network name
     * @param layers one for each row
     * @param totalParams all parameters
     * @param trainableParams those that are trained
     * @param nonTrainableParams the others
     * @param inputMb megabytes of the input
     * @param forwardBackwardMb megabytes of all outputs and their gradients
     * @param paramsMb megabytes of the parameters
     * @param totalMb all megabytes
     */
    record Summary(String network, List<Row> layers, long totalParams, long trainableParams, long nonTrainableParams,
            double inputMb, double forwardBackwardMb, double paramsMb, double totalMb) {
        static Summary of(String network, ModelSummary summary) {
            return new Summary(network, summary.rows().stream().map(Row::of).toList(), summary.totalParameters(),
                    summary.trainableParameters(), summary.totalParameters() - summary.trainableParameters(),
                    rounded(summary.inputMegabytes()), rounded(summary.passMegabytes()),
                    rounded(summary.parameterMegabytes()), rounded(summary.totalMegabytes()));
        }

        private static double rounded(double megabytes) {
            return Math.round(100 * megabytes) / 100.0;
        }
    }

    /**
     * One layer.
     *
     * @param name dotted path
     * @param type kind of layer
     * @param inputShape what it takes, the first if there are several
     * @param inputShapes all that it takes
     * @param outputShape what it gives, the first if there are several
     * @param outputShapes all that it gives
     * @param params its parameters
     */
    record Row(String name, String type, int[] inputShape, List<int[]> inputShapes, int[] outputShape,
            List<int[]> outputShapes, long params) {
        static Row of(LayerRow row) {
            return new Row(row.name(), row.type(), row.input().toArray(), extents(row.inputs()),
                    row.output().toArray(), extents(row.outputs()), row.parameters());
        }

        private static List<int[]> extents(List<Shape> shapes) {
            return shapes.stream().map(Shape::toArray).toList();
        }
    }

    @Override
    public Integer call() {
        ModelSummary summary;
        try {
            Shape image = input == null ? Networks.image(network) : Shape.of(input);
            summary = ModelSummary.of(Networks.named(network, image), Networks.inputs(network, image));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(e.getMessage(), e);
        }
        output.report().print(summary.table());
        output.report().flush();
        output.object(Summary.of(network, summary));
        return 0;
    }
}
