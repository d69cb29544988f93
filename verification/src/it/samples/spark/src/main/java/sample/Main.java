package sample;

import coordconv.layers.Execution;
import coordconv.layers.Layer;
import coordconv.layers.Phase;
import coordconv.layers.Predictor;
import coordconv.layers.Shape;
import coordconv.layers.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Scores every image of a folder with Spark, and holds the scores against those of this JVM alone. */
public final class Main {
    private static final int MOST_IMAGES = 8;
    private static final int PARTITIONS = 6;

    private Main() {}

    /** Runs it over a folder. */
    public static void main(String[] args) throws IOException {
        List<String> files = Images.in(Path.of(args[0]));
        Layer network = Served.network();
        network.initialise(1);
        // On a cluster the master comes from spark-submit: leave setMaster out.
        SparkConf conf = new SparkConf().setAppName("coordconv").setMaster("local[2]").set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost").set("spark.driver.bindAddress", "127.0.0.1");
        Map<String, Float> scores;
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Broadcast<HashMap<String, float[]>> weights = spark.broadcast(Served.weights(network));
            scores = spark.parallelize(files, PARTITIONS)
                    .mapPartitionsToPair(some -> score(Served.predictor(weights.value()), some)).collectAsMap();
        }
        int different = 0;
        Shape one = Shape.of(1, 3, Images.SIDE, Images.SIDE);
        network.configure(one, Execution.INFERENCE);
        Tensor x = Tensor.zeros(one);
        for (String file : files) {
            Images.read(file, x.data(), 0);
            float expected = network.forward(x, Phase.INFERENCE).data()[0];
            different += Float.floatToRawIntBits(scores.get(file)) == Float.floatToRawIntBits(expected) ? 0 : 1;
        }
        System.out.println(scores.size() + " images, " + different + " scores that differ from those of one JVM, "
                + Served.MADE + " Predictor");
        if (scores.size() != files.size() || different > 0 || Served.MADE.get() != 1) {
            throw new AssertionError("needed a score for each of " + files.size() + " images, equal to the bit, by one Predictor");
        }
    }

    /** A few images a call, for the matrix products are larger then. */
    private static Iterator<Tuple2<String, Float>> score(Predictor predictor, Iterator<String> files) throws IOException {
        List<Tuple2<String, Float>> scores = new ArrayList<>();
        while (files.hasNext()) {
            List<String> some = new ArrayList<>();
            while (files.hasNext() && some.size() < MOST_IMAGES) {
                some.add(files.next());
            }
            Tensor x = Tensor.zeros(Shape.of(some.size(), 3, Images.SIDE, Images.SIDE));
            for (int i = 0; i < some.size(); i++) {
                Images.read(some.get(i), x.data(), i * Images.FLOATS);
            }
            float[] y = predictor.predict(x).data();
            for (int i = 0; i < some.size(); i++) {
                scores.add(new Tuple2<>(some.get(i), y[i]));
            }
        }
        return scores.iterator();
    }
}
